package io.nova.kafka.batches.client;

import io.nova.iceberg.commit.HandoffProperties;
import java.util.Arrays;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/**
 * The batches of a table, at one version of its metadata.
 *
 * @param closed by batch, the UUID of the link that closed it, as the head lists them
 * @param handoff what the table's property says
 */
public record TableBatches(NavigableMap<Long, String> closed, HandoffProperties handoff) {
  private static final String CLOSED = "nova.closed";

  /** Reads the table as it was loaded last. */
  public static TableBatches of(Table table) {
    Snapshot head = table.currentSnapshot();
    String list = head == null ? "" : head.summary().getOrDefault(CLOSED, "");
    return new TableBatches(closed(list), HandoffProperties.of(table.properties()));
  }

  private static NavigableMap<Long, String> closed(String list) {
    TreeMap<Long, String> closed = new TreeMap<>();
    Arrays.stream(list.split(",", -1))
        .filter(entry -> !entry.isEmpty())
        .map(entry -> entry.split(":", 2))
        .forEach(entry -> closed.put(Long.valueOf(entry[0]), entry[1]));
    return closed;
  }

  /** Whether no event of a batch is admitted any more, and its events are in the table. */
  public boolean isClosed(long batch) {
    return closed.containsKey(batch) || handoff.isCompleted(batch);
  }

  /** The UUID of the link that closed a batch; empty if it is open or its tag is gone. */
  public Optional<String> link(long batch) {
    return Optional.ofNullable(closed.get(batch))
        .or(() -> entry(batch).map(HandoffProperties.Batch::link));
  }

  /** Whether the completion of a batch was taken back, and it was not completed again. */
  public boolean isWithdrawn(long batch) {
    return !handoff.isCompleted(batch)
        && entry(batch).filter(one -> one.withdrawnAtMs() != null).isPresent();
  }

  /** What the property says of a batch; empty for one without a tag. */
  public Optional<HandoffProperties.Batch> entry(long batch) {
    return handoff.batches().stream().filter(one -> one.batch() == batch).findFirst();
  }
}
