package io.nova.kafka.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.junit.jupiter.api.Test;

/** What the readers are told, with a context in memory in place of Flink's. */
class AlignedEnumeratorTest {
  private static final SourceEvent OTHER = new SourceEvent() {};

  private final List<String> told = new ArrayList<>();
  private final List<Object> passedOn = new ArrayList<>();
  private BiConsumer<Long, Throwable> everySecond = (now, failure) -> {};
  private final AlignedEnumerator enumerator =
      new AlignedEnumerator(connector(), context(), Duration.ofMinutes(30));

  @SuppressWarnings("unchecked")
  private SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> connector() {
    return (SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState>)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {SplitEnumerator.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("handleSourceEvent")) {
                passedOn.add(arguments[1]);
              }
              return null;
            });
  }

  @SuppressWarnings("unchecked")
  private SplitEnumeratorContext<KafkaPartitionSplit> context() {
    return (SplitEnumeratorContext<KafkaPartitionSplit>)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {SplitEnumeratorContext.class},
            (proxy, method, arguments) -> {
              switch (method.getName()) {
                case "registeredReaders" -> {
                  return Map.of(0, new ReaderInfo(0, "a"), 1, new ReaderInfo(1, "b"));
                }
                case "callAsync" -> everySecond = (BiConsumer<Long, Throwable>) arguments[1];
                case "sendEventToSourceReader" ->
                    told.add("%s: %s".formatted(arguments[0], ((Slowest) arguments[1]).recordMs()));
                default -> throw new IllegalStateException(method.getName());
              }
              return null;
            });
  }

  private List<String> tellAt(long seconds) {
    told.clear();
    everySecond.accept(System.nanoTime() + seconds * 1_000_000_000L, null);
    return List.copyOf(told);
  }

  @Test
  void allReadersAreToldHowFarTheSlowestHasRead() {
    enumerator.start();
    enumerator.handleSourceEvent(0, new ReadTo(70));
    enumerator.handleSourceEvent(1, new ReadTo(50));

    assertThat(tellAt(0)).containsExactlyInAnyOrder("0: 50", "1: 50");
    enumerator.handleSourceEvent(1, new ReadTo(Alignment.NONE_CATCHES_UP));
    assertThat(tellAt(0)).containsExactlyInAnyOrder("0: 70", "1: 70");
    assertThat(passedOn).isEmpty();
  }

  @Test
  void readersOfLivePartitionsAreToldNothing() {
    enumerator.start();
    assertThat(tellAt(0)).isEmpty();

    enumerator.handleSourceEvent(0, new ReadTo(System.currentTimeMillis() - 60_000));
    assertThat(tellAt(0)).isEmpty();
  }

  @Test
  void theEndOfTheBacklogIsToldOnce() {
    enumerator.start();
    enumerator.handleSourceEvent(0, new ReadTo(50));
    assertThat(tellAt(0)).containsExactlyInAnyOrder("0: 50", "1: 50");

    long none = Alignment.NONE_CATCHES_UP;
    enumerator.handleSourceEvent(0, new ReadTo(System.currentTimeMillis()));
    assertThat(tellAt(0)).containsExactlyInAnyOrder("0: " + none, "1: " + none);
    assertThat(tellAt(1)).isEmpty();
  }

  @Test
  void readerThatTellsNothingIsLeftOut() {
    enumerator.start();
    enumerator.handleSourceEvent(0, new ReadTo(50));
    enumerator.handleSourceEvent(1, new ReadTo(System.currentTimeMillis()));

    assertThat(tellAt(11)).isEmpty();
  }

  @Test
  void otherEventsGoToTheConnector() {
    enumerator.handleSourceEvent(0, OTHER);

    assertThat(passedOn).containsExactly(OTHER);
  }
}
