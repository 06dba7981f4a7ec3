package io.nova.kafka.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.event.format.SchemaText;
import io.nova.event.format.UndecodableException;
import io.nova.event.format.ValueFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SchemaCacheTest {
  private final RegistryInMemory registry = new RegistryInMemory();
  private final SchemaCache schemas = new SchemaCache(registry, ValueFormat.AVRO);

  /** Knows one Avro schema, a Protobuf schema and a broken one; may be away. */
  private static final class RegistryInMemory implements SchemaRegistry {
    private final AtomicInteger asked = new AtomicInteger();
    private volatile boolean away;
    private volatile boolean closed;
    private volatile int late;

    @Override
    public SchemaText schema(int id) throws IOException, UnknownSchemaException {
      asked.incrementAndGet();
      if (away) {
        throw new IOException("refused");
      }
      return switch (id == late ? 1 : id) {
        case 1 -> new SchemaText(ValueFormat.AVRO, "", "\"long\"", List.of());
        case 2 -> new SchemaText(ValueFormat.PROTOBUF, "a.proto", "message A {}", List.of());
        case 3 -> new SchemaText(ValueFormat.AVRO, "", "\"lung\"", List.of());
        default -> throw new UnknownSchemaException("nobody knows it");
      };
    }

    @Override
    public String name() {
      return "memory";
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private static Thread started(Runnable run) {
    Thread thread = new Thread(run);
    thread.start();
    return thread;
  }

  private void awaitAsked(int times) throws InterruptedException {
    while (registry.asked.get() < times) {
      Thread.sleep(5);
    }
  }

  @Test
  void anIdIsAskedForOnce() throws Exception {
    for (int i = 0; i < 3; i++) {
      schemas.load(1);
      byte[] json = schemas.get(1).json(new byte[] {10}, 0);
      assertThat(new String(json, StandardCharsets.UTF_8)).isEqualTo("5");
    }
    assertThat(registry.asked).hasValue(1);
  }

  @Test
  void anUnknownIdIsAskedForOnceInAWhile() {
    schemas.load(4);
    int asked = registry.asked.get();
    assertThat(asked).as("the registry may know it in a moment").isGreaterThan(1);
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> schemas.get(4))
          .isInstanceOf(UndecodableException.class)
          .hasMessage("schema 4: nobody knows it");
    }
    schemas.load(5);
    assertThat(registry.asked).as("another unknown id does not wait").hasValue(asked + 1);
  }

  @Test
  void anIdThatIsKnownAMomentLaterIsNoUnknownOne() throws Exception {
    Thread loading = started(() -> schemas.load(6));
    awaitAsked(2);
    registry.late = 6;
    loading.join();

    assertThat(new String(schemas.get(6).json(new byte[] {10}, 0), StandardCharsets.UTF_8))
        .isEqualTo("5");
  }

  @Test
  void negativeIdsAreNotAskedFor() {
    RegistryDecoder decoder = new RegistryDecoder(schemas);
    byte[] value = {0, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 10};

    decoder.prepare(value);

    assertThatThrownBy(() -> decoder.json(value))
        .isInstanceOf(UndecodableException.class)
        .hasMessageContaining("schema -1");
    assertThat(registry.asked).hasValue(0);
  }

  @Test
  void schemasThatCannotBeUsedAreNamed() {
    assertThatThrownBy(() -> schemas.get(2))
        .isInstanceOf(UndecodableException.class)
        .hasMessage("schema 2: found protobuf, expected avro");
    assertThatThrownBy(() -> schemas.get(3))
        .isInstanceOf(UndecodableException.class)
        .hasMessageContaining("schema 3: found no Avro schema");
  }

  @Test
  void whileTheRegistryIsAwayItIsAskedAgain() throws Exception {
    registry.away = true;
    Thread waiting = started(() -> schemas.load(1));
    awaitAsked(3);
    assertThat(schemas.registryAway()).isTrue();
    assertThat(waiting.isAlive()).isTrue();

    registry.away = false;
    waiting.join();
    assertThat(schemas.registryAway()).isFalse();
    schemas.get(1);
  }

  @Test
  void whatIsKnownNeedsNoRegistry() throws Exception {
    schemas.load(1);
    registry.away = true;

    schemas.load(1);
    schemas.get(1);
    assertThat(schemas.registryAway()).isFalse();
  }

  @Test
  void theWaitEndsWhenItIsClosedOrInterrupted() throws Exception {
    registry.away = true;
    Thread interrupted = started(() -> schemas.load(1));
    awaitAsked(2);
    interrupted.interrupt();
    interrupted.join();

    Thread waiting = started(() -> schemas.load(1));
    awaitAsked(4);
    schemas.close();
    waiting.join();
    assertThat(registry.closed).isTrue();
    schemas.load(1);
    assertThatThrownBy(() -> schemas.get(1))
        .as("an event must not be rejected, because a job stops")
        .isInstanceOf(IllegalStateException.class);
  }
}
