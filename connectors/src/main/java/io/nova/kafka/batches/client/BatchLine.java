package io.nova.kafka.batches.client;

import io.nova.handoff.BatchName;
import io.nova.iceberg.commit.HandoffProperties;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A closed batch and what became of it. Times are by the clock of the job.
 *
 * @param name the time at which it begins
 * @param batch its number
 * @param state what became of it
 * @param link UUID of the link that closed it
 * @param rows the number of its events; null where it is not known
 * @param digest their audit digest; null where it is not known
 * @param closedBy who asked for the close; {@code nova} where nobody did
 * @param forced whether it was completed by force: the batch layer may lack its rows
 */
public record BatchLine(
    String name,
    long batch,
    State state,
    @Nullable String link,
    @Nullable Long rows,
    @Nullable String digest,
    @Nullable Instant closedAt,
    @Nullable String closedBy,
    @Nullable Instant completedAt,
    @Nullable String completedBy,
    @Nullable Instant withdrawnAt,
    @Nullable String withdrawnBy,
    @Nullable Instant removedAt,
    boolean forced) {
  /** What became of a batch. */
  public enum State {
    CLOSED,
    COMPLETED,
    /** Its completion was taken back. It is closed. */
    WITHDRAWN,
    /** Completed, and its files have left the table's head. */
    REMOVED,
    /** A restore has undone its close. */
    OPEN;

    /** The name in lists, such as {@code closed}. */
    public String title() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** All batches of a table that have a tag or are closed, oldest first. */
  public static List<BatchLine> of(TableBatches table, Duration batchLength) {
    SortedSet<Long> numbers = new TreeSet<>();
    table.closed().batches().forEach(one -> numbers.add(one.batch()));
    table.handoff().batches().forEach(one -> numbers.add(one.batch()));
    return numbers.stream().map(batch -> of(table, batch, batchLength)).toList();
  }

  private static BatchLine of(TableBatches table, long batch, Duration batchLength) {
    Optional<HandoffProperties.Batch> entry = table.entry(batch);
    return new BatchLine(
        BatchName.of(batch, batchLength),
        batch,
        state(table, batch),
        table.link(batch).orElse(null),
        entry.map(HandoffProperties.Batch::rows).orElse(null),
        entry.map(HandoffProperties.Batch::digest).filter(one -> !one.isEmpty()).orElse(null),
        time(entry, HandoffProperties.Batch::closedAtMs),
        entry.map(HandoffProperties.Batch::closedBy).orElse(null),
        time(entry, HandoffProperties.Batch::completedAtMs),
        entry.map(HandoffProperties.Batch::completedBy).orElse(null),
        time(entry, HandoffProperties.Batch::withdrawnAtMs),
        entry.map(HandoffProperties.Batch::withdrawnBy).orElse(null),
        time(entry, HandoffProperties.Batch::removedAtMs),
        entry.map(HandoffProperties.Batch::forced).orElse(false));
  }

  private static State state(TableBatches table, long batch) {
    if (batch <= table.handoff().deleted()) {
      return State.REMOVED;
    }
    if (table.handoff().isCompleted(batch)) {
      return State.COMPLETED;
    }
    if (!table.isClosed(batch)) {
      return State.OPEN;
    }
    return table.isWithdrawn(batch) ? State.WITHDRAWN : State.CLOSED;
  }

  private static @Nullable Instant time(
      Optional<HandoffProperties.Batch> entry,
      Function<HandoffProperties.Batch, @Nullable Long> millis) {
    return entry.map(millis).map(Instant::ofEpochMilli).orElse(null);
  }
}
