package io.nova.cli.run;

import io.nova.cli.cluster.LocalCluster;
import io.nova.cli.process.CommandException;
import io.nova.handoff.BatchRequest;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.commit.BatchTags;
import io.nova.kafka.batches.client.BatchClient;
import io.nova.kafka.batches.client.BatchLine;
import io.nova.kafka.batches.client.BatchResult;
import io.nova.kafka.batches.client.KafkaRequestTopic;
import io.nova.kafka.batches.client.RequestTopicException;
import io.nova.kafka.batches.client.TableBatches;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;

/** The batches of a local cluster's table: what became of them, and requests. For one thread. */
final class DayBatches {
  private static final Duration WAIT = Duration.ofMinutes(2);
  private static final String BY = "nova local --days";

  private final EventTable table;
  private final BatchClient client;

  private DayBatches(EventTable table, BatchClient client) {
    this.table = table;
    this.client = client;
  }

  /** The batches of a cluster whose job runs. */
  static DayBatches of(LocalCluster cluster) {
    EventTable table =
        EventTable.find(cluster.warehouse())
            .orElseThrow(
                () ->
                    new CommandException(
                        "Warehouse %s has no table nova.events, though the job runs."
                            .formatted(cluster.warehouse())));
    return new DayBatches(
        table,
        new BatchClient(
            table,
            new KafkaRequestTopic(
                cluster.bootstrapServers(), LocalCluster.BATCHES, Map.<String, String>of())));
  }

  /** What became of a batch; open before its close. A removed batch stays known without a tag. */
  BatchLine.State state(long batch) {
    TableBatches now = TableBatches.of(table.refresh().iceberg());
    if (batch <= now.handoff().deleted()) {
      return BatchLine.State.REMOVED;
    }
    if (now.handoff().isCompleted(batch)) {
      return BatchLine.State.COMPLETED;
    }
    return now.isClosed(batch) ? BatchLine.State.CLOSED : BatchLine.State.OPEN;
  }

  /** The rows under a batch's tag; 0 without one. */
  long taggedRows(long batch) {
    return tag(batch)
        .map(snapshot -> snapshot.summary().getOrDefault(SnapshotSummary.TOTAL_RECORDS_PROP, "0"))
        .map(Long::parseLong)
        .orElse(0L);
  }

  /** The number of chunks under a batch's tag; 0 without one. */
  long taggedChunks(long batch) {
    return tag(batch).map(this::files).orElse(0L);
  }

  private Optional<Snapshot> tag(long batch) {
    Table now = table.refresh().iceberg();
    SnapshotRef ref = now.refs().get(BatchTags.name(batch));
    return ref == null ? Optional.empty() : Optional.ofNullable(now.snapshot(ref.snapshotId()));
  }

  private long files(Snapshot snapshot) {
    long count = 0;
    try (CloseableIterable<FileScanTask> files =
        table.iceberg().newScan().useSnapshot(snapshot.snapshotId()).planFiles()) {
      for (FileScanTask unused : files) {
        count++;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The files of a tag cannot be listed", e);
    }
    return count;
  }

  /**
   * Asks for the close of a batch.
   *
   * @return whether it is closed; the job refuses while a partition has not passed its end
   * @throws CommandException if the job does not answer
   */
  boolean close(long batch) {
    return ask(BatchRequest.close(batch, false, List.of(), BY, System.currentTimeMillis()))
        == BatchResult.State.CLOSED;
  }

  /**
   * Asks for a run of the hourly task.
   *
   * @throws CommandException if the job does not answer
   */
  void expire() {
    BatchResult.State unused = ask(BatchRequest.expire(BY, System.currentTimeMillis()));
  }

  private BatchResult.State ask(BatchRequest request) {
    try {
      BatchResult result = client.ask(request, WAIT);
      if (result.state() == BatchResult.State.PENDING) {
        throw new CommandException(
            "The job has not answered the request %s. %s"
                .formatted(request.kind(), result.detail()));
      }
      return result.state();
    } catch (RequestTopicException e) {
      throw new CommandException(String.valueOf(e.getMessage()), e);
    }
  }
}
