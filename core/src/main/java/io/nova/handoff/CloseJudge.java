package io.nova.handoff;

import io.nova.event.Micros;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Decides when a batch may close (docs/internals/handoff.md). It judges by upload time. The
 * machine's time only delays a close: no batch closes before its end has passed there too. A wrong
 * server clock that is ahead would close batches for weeks otherwise, and nothing opens them again.
 * Immutable.
 */
public final class CloseJudge {
  private static final int MOST_NAMED = 5;
  private static final Comparator<PartitionState> SLOWEST_FIRST =
      Comparator.comparingLong(PartitionState::reachedMicros);

  private final String topic;
  private final long batchMicros;
  private final long delayMicros;
  private final InstantSource clock;

  /**
   * A judge.
   *
   * @param topic the topic of the events, for messages
   * @param batchLength upload time that one batch covers
   * @param closeDelay upload time after a batch's end at which it closes without a request
   * @param clock the machine's time
   */
  public CloseJudge(String topic, Duration batchLength, Duration closeDelay, InstantSource clock) {
    this.topic = topic;
    this.batchMicros = micros(batchLength);
    this.delayMicros = micros(closeDelay);
    this.clock = clock;
  }

  private static long micros(Duration duration) {
    return duration.toNanos() / 1_000;
  }

  /**
   * Why a requested close is refused, as a message for the one who asked; empty if the batch may
   * close.
   *
   * @param force whether to close although partitions are below the batch's end
   * @param leftOut the partitions that this close does not wait for
   */
  public Optional<String> refusal(
      PartitionStates partitions, long batch, boolean force, Collection<Integer> leftOut) {
    return unknown(partitions, leftOut)
        .or(() -> unreached(partitions, batch))
        .or(() -> early(batch, force))
        .or(() -> force ? Optional.empty() : slow(partitions, batch, leftOut));
  }

  /** Why a partition cannot be retired; empty if it can. */
  public Optional<String> refusalToRetire(PartitionStates partitions, int partition) {
    return unknown(partitions, List.of(partition));
  }

  private Optional<String> unknown(PartitionStates partitions, Collection<Integer> named) {
    return named.stream()
        .filter(partition -> !partitions.knows(partition))
        .findFirst()
        .map(
            partition ->
                "Topic %s has no partition %d. Expected one of %s. Nothing is changed."
                    .formatted(topic, partition, new TreeSet<>(partitions.known())));
  }

  private Optional<String> unreached(PartitionStates partitions, long batch) {
    long fastest = partitions.fastestMicros();
    if (fastest != Micros.UNKNOWN && batchOf(fastest) >= batch) {
      return Optional.empty();
    }
    return Optional.of(
        "Batch %d is not closed, also not by force: no partition has reached it. The fastest partition of topic %s %s."
            .formatted(batch, topic, place(fastest)));
  }

  private Optional<String> early(long batch, boolean force) {
    Instant now = clock.instant();
    long current = current(now);
    return batch < current || (force && batch == current)
        ? Optional.empty()
        : Optional.of(
            ("Batch %d is not closed: it ends at %s, and this machine's clock is at %s. Partitions"
                    + " that are past the end have followed a server clock that is ahead.")
                .formatted(batch, instant((batch + 1) * batchMicros), now));
  }

  /** The batch that the machine's time lies in. */
  private long current(Instant now) {
    return batchOf(ChronoUnit.MICROS.between(Instant.EPOCH, now));
  }

  private Optional<String> slow(
      PartitionStates partitions, long batch, Collection<Integer> leftOut) {
    List<PartitionState> counted = partitions.counted(leftOut);
    if (counted.isEmpty()) {
      return Optional.of(
          "Batch %d is not closed: every partition of topic %s is empty, retired or left out. Close it by force."
              .formatted(batch, topic));
    }
    List<PartitionState> slow =
        counted.stream().filter(state -> !isPast(state, batch)).sorted(SLOWEST_FIRST).toList();
    return slow.isEmpty() ? Optional.empty() : Optional.of(slow(batch, slow));
  }

  private boolean isPast(PartitionState state, long batch) {
    return state.hasProgress() && batchOf(state.reachedMicros()) > batch;
  }

  private String slow(long batch, List<PartitionState> slow) {
    return ("Batch %d is not closed: it ends at %s, and of topic %s %s. Ask again when they are"
            + " past the end. Or retire a partition that gets no more events, leave it out of"
            + " this close, or close by force: new events of the batch are rejected then.")
        .formatted(batch, instant((batch + 1) * batchMicros), topic, places(slow));
  }

  private static String places(List<PartitionState> slow) {
    String named =
        slow.stream()
            .limit(MOST_NAMED)
            .map(
                state ->
                    "partition %d %s".formatted(state.partition(), place(state.reachedMicros())))
            .collect(Collectors.joining(", "));
    return slow.size() <= MOST_NAMED
        ? named
        : "%s, and %d more are below it".formatted(named, slow.size() - MOST_NAMED);
  }

  private static String place(long micros) {
    return micros == Micros.UNKNOWN ? "has no progress so far" : "is at " + instant(micros);
  }

  private static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  /**
   * The greatest batch that closes without a request: all counted partitions have passed its end by
   * the delay, and so has the machine's time without it. It is not before the first batch that a
   * partition has reached. {@link BatchNumbers#NONE} if there is none.
   */
  public long automatic(PartitionStates partitions) {
    return due(
        partitions,
        partitions.counted(List.of()).stream().mapToLong(PartitionState::reachedMicros).min());
  }

  /**
   * The oldest batch that is not closed though the fastest partition has passed its end by the
   * delay, and the slowest partition, which holds it; empty if no partition holds a close.
   *
   * @param closed all batches up to this one are closed; {@link BatchNumbers#NONE} before any
   */
  public Optional<HeldClose> held(PartitionStates partitions, long closed) {
    long due = due(partitions, OptionalLong.of(partitions.fastestMicros()));
    long last = Math.max(closed, automatic(partitions));
    if (due <= last) {
      return Optional.empty();
    }
    long oldest = last == BatchNumbers.NONE ? batchOf(partitions.firstMicros()) : last + 1;
    return partitions.counted(List.of()).stream()
        .min(SLOWEST_FIRST)
        .map(slowest -> new HeldClose(oldest, slowest.partition(), slowest.reachedMicros()));
  }

  /** The greatest batch that closes by itself where the slowest partition has reached a time. */
  private long due(PartitionStates partitions, OptionalLong slowestMicros) {
    if (slowestMicros.isEmpty() || slowestMicros.getAsLong() == Micros.UNKNOWN) {
      return BatchNumbers.NONE;
    }
    long passed = batchOf(slowestMicros.getAsLong() - delayMicros) - 1;
    long due = Math.min(passed, current(clock.instant()) - 1);
    return due < batchOf(partitions.firstMicros()) ? BatchNumbers.NONE : due;
  }

  private long batchOf(long micros) {
    return Math.floorDiv(micros, batchMicros);
  }
}
