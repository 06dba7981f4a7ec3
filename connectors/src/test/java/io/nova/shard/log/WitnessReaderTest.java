package io.nova.shard.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.nova.event.identity.FingerprintKey;
import io.nova.event.mapping.Mapping;
import io.nova.fixtures.Events;
import io.nova.iceberg.TableRules;
import io.nova.kafka.EventDeserializer;
import io.nova.kafka.Offered;
import io.nova.kafka.PolicyRules;
import io.nova.kafka.Received;
import io.nova.policy.Policy;
import io.nova.shard.Admission;
import io.nova.shard.BlockRules;
import io.nova.shard.ConflictRule;
import io.nova.shard.HeapShardState;
import io.nova.shard.Offer;
import io.nova.shard.Shard;
import io.nova.shard.fingerprint.ColdCache;
import io.nova.shard.fingerprint.Witness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is remembered of events whose log does not say it beside their rows. */
class WitnessReaderTest {
  private static final FingerprintKey KEY = FingerprintKey.draw();
  private static final TableRules TABLE =
      new TableRules(8, Duration.ofMinutes(5), Duration.ofDays(1), KEY);
  private static final Policy POLICY =
      new Policy(List.of(), Duration.ofMinutes(10), ConflictRule.KEEP_BOTH);

  private final HeapShardState state = new HeapShardState();
  private final List<Offered> admitted = new ArrayList<>();
  private final Random random = new Random(1);
  private Shard shard = restored(new WitnessReader(KEY));

  private Shard restored(@Nullable WitnessReader reader) {
    return new Shard(0, BlockRules.DEFAULT, state, new ColdCache(1), reader);
  }

  /** Read as with a ledger. */
  private static Offered event(int number, String properties) {
    byte[] message =
        Events.at("10:0" + number % 5).id("i" + number).with("event_properties", properties).json();
    List<Received> read = new ArrayList<>();
    new EventDeserializer(
            TABLE, Duration.ofMinutes(5), Mapping.amplitude(), PolicyRules.always(POLICY), true)
        .deserialize(
            new ConsumerRecord<>("events", number % 7, number * 3L, null, message),
            new ListCollector<>(read));
    return Objects.requireNonNull(read.get(0).event);
  }

  private static @Nullable Witness witness(Offered event) {
    return event.witnessed
        ? new Witness(event.payload, event.uploadMicros, event.partition, event.offset)
        : null;
  }

  private Admission offer(Offered event) {
    return shard.offer(
        new Offer(
            event.high,
            event.low,
            event.uploadMicros,
            event.row,
            event.windowBlocks,
            witness(event),
            event.conflict));
  }

  /** Compressed rows of some 200 bytes each, and some that say much. */
  private void admit(int from, int to) {
    for (int i = from; i < to; i++) {
      String text = i % 100 == 0 ? "y".repeat(30_000) : Long.toHexString(random.nextLong());
      Offered event = event(i, "{\"n\":\"" + text + "\"}");
      assertThat(offer(event)).isEqualTo(Admission.ADMITTED);
      admitted.add(event);
    }
  }

  private void eachIsRemembered() {
    for (Offered event : admitted) {
      assertThat(offer(event)).isEqualTo(Admission.DUPLICATE);
      assertThat(shard.met()).isEqualTo(witness(event));
    }
  }

  private long logBytes() {
    long[] bytes = new long[1];
    state.segments((id, stored) -> bytes[0] += stored.length);
    return bytes[0];
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void isTheSameThroughTheLogAndSealing(boolean spilled) {
    admit(0, 2000);
    shard.flush();
    admit(2000, 2100);
    Offered beside = event(2050, "{\"other\":1}");
    assertThat(offer(beside)).isEqualTo(Admission.ADMITTED_BESIDE);
    admitted.add(beside);
    if (spilled) {
      shard.spill();
    }
    shard.flush();
    eachIsRemembered();

    shard = restored(new WitnessReader(KEY));
    eachIsRemembered();
    shard.flush();
    shard.seal(shard.openIntervals().get(0));
    eachIsRemembered();
  }

  @Test
  void takesNoRoomInTheLog() {
    admit(0, 1000);
    shard.flush();
    long without = logBytes();
    HeapShardState other = new HeapShardState();
    shard = new Shard(0, BlockRules.DEFAULT, other, new ColdCache(1));
    admitted.forEach(this::offer);
    shard.flush();
    long[] with = new long[1];
    other.segments((id, stored) -> with[0] += stored.length);

    assertThat(with[0] - without).isBetween(1000 * 12L, 1000 * 20L);
  }

  /** As where the ledger was switched on, or a policy followed, in the middle of a block. */
  @Test
  void isNotMadeUpForEventsOfWhichNothingIsRemembered() {
    for (int i = 0; i < 50; i++) {
      Offered event = event(i, "{}");
      event.witnessed = i % 10 != 0;
      assertThat(offer(event)).isEqualTo(Admission.ADMITTED);
      admitted.add(event);
    }
    shard.flush();
    shard = restored(new WitnessReader(KEY));
    eachIsRemembered();
    shard.seal(shard.openIntervals().get(0));
    eachIsRemembered();
  }

  @Test
  void whoCannotReadRowsIsToldSo() {
    admit(0, 3);
    shard.flush();

    assertThatIllegalStateException()
        .isThrownBy(() -> restored(null))
        .withMessageContaining("in their rows");
  }
}
