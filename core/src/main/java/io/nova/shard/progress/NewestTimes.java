package io.nova.shard.progress;

import io.nova.event.Micros;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The greatest upload time and event time of a shard's admitted events, by Kafka partition. Not
 * thread safe.
 */
public final class NewestTimes {
  private final Map<Integer, Times> byPartition = new HashMap<>();

  private static final class Times {
    private long uploadMicros = Micros.UNKNOWN;
    private long eventMicros = Micros.UNKNOWN;
  }

  /**
   * The greatest times of one partition.
   *
   * @param partition Kafka partition
   * @param uploadMicros greatest upload time, microseconds since 1970
   * @param eventMicros greatest event time, microseconds since 1970; {@link Micros#UNKNOWN} for
   *     none
   */
  public record Newest(int partition, long uploadMicros, long eventMicros) {}

  public static NewestTimes of(List<Newest> entries) {
    NewestTimes times = new NewestTimes();
    entries.forEach(e -> times.admitted(e.partition(), e.uploadMicros(), e.eventMicros()));
    return times;
  }

  /** Notes an admitted event. */
  public void admitted(int partition, long uploadMicros, long eventMicros) {
    Times times = byPartition.computeIfAbsent(partition, p -> new Times());
    times.uploadMicros = Math.max(times.uploadMicros, uploadMicros);
    times.eventMicros = Math.max(times.eventMicros, eventMicros);
  }

  /** One entry for each partition that an admitted event came from. */
  public List<Newest> entries() {
    List<Newest> entries = new ArrayList<>();
    byPartition.forEach((p, t) -> entries.add(new Newest(p, t.uploadMicros, t.eventMicros)));
    return entries;
  }
}
