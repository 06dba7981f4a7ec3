package io.nova.kafka.source;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.jspecify.annotations.Nullable;

/**
 * The connector's enumerator, which also tells all readers how far the slowest partition has read
 * ({@link Alignment}). It does so once a second while a partition catches up, and once more when
 * none does any longer. A task that is about to fail loses an event, and Flink then reports that
 * loss in place of the failure. So nothing is sent that no reader needs.
 *
 * <p>One thread, the coordinator's.
 */
final class AlignedEnumerator
    implements SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> {
  private static final Duration PERIOD = Duration.ofSeconds(1);

  private final SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> enumerator;
  private final SplitEnumeratorContext<KafkaPartitionSplit> context;
  private final long maxDriftMs;
  private final Map<Integer, Report> reports = new HashMap<>();
  private boolean catchingUp;

  private record Report(long recordMs, long receivedNanos) {}

  AlignedEnumerator(
      SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> enumerator,
      SplitEnumeratorContext<KafkaPartitionSplit> context,
      Duration maxDrift) {
    this.enumerator = enumerator;
    this.context = context;
    this.maxDriftMs = maxDrift.toMillis();
  }

  @Override
  public void start() {
    enumerator.start();
    context.callAsync(
        System::nanoTime, (now, failure) -> tell(now), PERIOD.toMillis(), PERIOD.toMillis());
  }

  private void tell(long nowNanos) {
    long nowMs = System.currentTimeMillis();
    long slowestMs =
        reports.values().stream()
            .filter(report -> nowNanos - report.receivedNanos() < Alignment.IDLE.toNanos())
            .mapToLong(Report::recordMs)
            .min()
            .orElse(Alignment.NONE_CATCHES_UP);
    if (slowestMs < nowMs - maxDriftMs) {
      catchingUp = true;
      tellAll(new Slowest(slowestMs, nowMs));
    } else if (catchingUp) {
      catchingUp = false;
      tellAll(new Slowest(Alignment.NONE_CATCHES_UP, nowMs));
    }
  }

  private void tellAll(Slowest slowest) {
    for (int reader : context.registeredReaders().keySet()) {
      context.sendEventToSourceReader(reader, slowest);
    }
  }

  @Override
  public void handleSourceEvent(int reader, SourceEvent event) {
    if (event instanceof ReadTo read) {
      reports.put(reader, new Report(read.recordMs(), System.nanoTime()));
    } else {
      enumerator.handleSourceEvent(reader, event);
    }
  }

  @Override
  public void handleSplitRequest(int reader, @Nullable String host) {
    enumerator.handleSplitRequest(reader, host);
  }

  @Override
  public void addSplitsBack(List<KafkaPartitionSplit> splits, int reader) {
    enumerator.addSplitsBack(splits, reader);
  }

  @Override
  public void addReader(int reader) {
    enumerator.addReader(reader);
  }

  @Override
  public KafkaSourceEnumState snapshotState(long checkpointId) throws Exception {
    return enumerator.snapshotState(checkpointId);
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) throws Exception {
    enumerator.notifyCheckpointComplete(checkpointId);
  }

  @Override
  public void close() throws IOException {
    enumerator.close();
  }
}
