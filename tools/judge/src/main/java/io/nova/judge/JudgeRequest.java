package io.nova.judge;

import io.nova.judge.record.RecordMapping;
import io.nova.workload.input.Messages;
import io.nova.workload.input.ProgressListener;
import io.nova.workload.topic.Brokers;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * What the judge compares. The job must be at rest: it has read all sent messages, and every block
 * is in the table.
 *
 * @param warehouse the folder or URI of the warehouse; the table is {@code nova/events} below it.
 *     Or the metadata file of the table, where a catalog registers it
 * @param sent every message that is on the events topic, in any order
 * @param brokers the brokers with the rejected topic
 * @param rejectedTopic the topic of the messages that the job rejected
 * @param mapping the job's mapping
 * @param dedupWindow the job's dedup window
 * @param blockInterval the job's block interval
 * @param batchLength the job's batch length, a multiple of the block interval
 * @param handedOff the last batch that is handed off. Rows up to it are in the batch layer's table
 *     {@code nova/batch_events} and nowhere else. Empty while none is
 * @param progress receives the judge's progress
 */
public record JudgeRequest(
    String warehouse,
    Messages sent,
    Brokers brokers,
    String rejectedTopic,
    RecordMapping mapping,
    Duration dedupWindow,
    Duration blockInterval,
    Duration batchLength,
    OptionalLong handedOff,
    ProgressListener progress) {
  /** Checks the durations. */
  public JudgeRequest {
    if (blockInterval.isZero() || blockInterval.isNegative() || dedupWindow.isNegative()) {
      throw new IllegalArgumentException(
          "Block interval %s, dedup window %s: expected more than 0, and 0 or more."
              .formatted(blockInterval, dedupWindow));
    }
    if (batchLength.isNegative() || batchLength.isZero()) {
      throw new IllegalArgumentException(
          "Batch length %s: expected more than 0.".formatted(batchLength));
    }
  }

  /**
   * A request with the job's defaults: Amplitude's records, blocks of 5 minutes, a dedup window of
   * 10 minutes, batches of a UTC day.
   */
  public static JudgeRequest of(
      String warehouse, Messages sent, String bootstrapServers, String rejectedTopic) {
    return new JudgeRequest(
        warehouse,
        sent,
        Brokers.at(bootstrapServers),
        rejectedTopic,
        RecordMapping.AMPLITUDE,
        Duration.ofMinutes(10),
        Duration.ofMinutes(5),
        Duration.ofDays(1),
        OptionalLong.empty(),
        ProgressListener.NONE);
  }

  /** The same request, after batches were handed off. */
  public JudgeRequest handedOffUpTo(long batch) {
    return new JudgeRequest(
        warehouse,
        sent,
        brokers,
        rejectedTopic,
        mapping,
        dedupWindow,
        blockInterval,
        batchLength,
        OptionalLong.of(batch),
        progress);
  }

  /** The dedup window in blocks, rounded up: copies at most so far apart are one event. */
  public int windowBlocks() {
    return windowBlocks(dedupWindow, blockInterval);
  }

  static int windowBlocks(Duration dedupWindow, Duration blockInterval) {
    return Math.toIntExact(-Math.floorDiv(-toMicros(dedupWindow), toMicros(blockInterval)));
  }

  private static long toMicros(Duration duration) {
    return duration.toNanos() / 1_000;
  }
}
