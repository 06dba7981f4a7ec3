package io.nova.job.handoff;

import io.nova.handoff.BatchAnswer;
import io.nova.job.JobWarehouse;
import io.nova.job.options.NovaSettings;
import io.nova.kafka.PartitionProgress;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.mailbox.Mail;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/** The handoff operator in one run of the job, on a topic that outlives it. */
final class HandoffHarness implements AutoCloseable {
  private static final OutputTag<BatchAnswer> ANSWERS =
      new OutputTag<>("answers", TypeInformation.of(BatchAnswer.class));

  private final FakeBatchTopic topic;
  private final OneInputStreamOperatorTestHarness<PartitionProgress, BatchOrder> flink;
  private final Map<Integer, Long> offsets = new TreeMap<>();
  private long checkpoints;

  HandoffHarness(JobWarehouse warehouse, FakeBatchTopic topic, @Nullable OperatorSubtaskState from)
      throws Exception {
    this(warehouse.settings, topic, from);
  }

  HandoffHarness(NovaSettings settings, FakeBatchTopic topic, @Nullable OperatorSubtaskState from)
      throws Exception {
    this.topic = topic;
    flink =
        new OneInputStreamOperatorTestHarness<>(
            new HandoffOperatorFactory(settings, topic, ANSWERS));
    flink.setup();
    if (from != null) {
      flink.initializeState(from);
    }
    flink.open();
    runMails();
  }

  private void runMails() {
    for (Mail mail : flink.getTaskMailbox().drain()) {
      try {
        mail.run();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }

  /** A partition is read up to an upload time, such as {@code 2026-03-02T10:00}. */
  void read(int partition, String time) throws Exception {
    readTo(partition, time, offsets.merge(partition, 1L, Long::sum) - 1);
  }

  /** A partition is read up to an offset. */
  void readTo(int partition, String time, long offset) throws Exception {
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(time + ":00Z"));
    flink.processElement(PartitionProgress.of(partition, micros, offset), 0);
  }

  /** Takes a checkpoint that does not complete yet. */
  OperatorSubtaskState begin() throws Exception {
    runMails();
    checkpoints++;
    flink.getOperator().prepareSnapshotPreBarrier(checkpoints);
    return flink.snapshot(checkpoints, checkpoints);
  }

  void complete() throws Exception {
    flink.notifyOfCompletedCheckpoint(checkpoints);
  }

  OperatorSubtaskState checkpoint() throws Exception {
    OperatorSubtaskState taken = begin();
    complete();
    return taken;
  }

  /** Takes the orders that were sent since. */
  List<String> orders() {
    runMails();
    List<String> orders = new ArrayList<>();
    for (BatchOrder order : flink.extractOutputValues()) {
      orders.add(
          order.closeUpTo != null
              ? "close %d by %s".formatted(order.closeUpTo, order.by)
              : "%s %s at %s:%d"
                  .formatted(order.request().kind(), order.requestId, order.topicId, order.offset));
    }
    flink.getOutput().clear();
    return orders;
  }

  /** All answers so far. */
  List<BatchAnswer> answers() {
    return flink.getSideOutput(ANSWERS) == null
        ? List.of()
        : flink.getSideOutput(ANSWERS).stream().map(StreamRecord::getValue).toList();
  }

  @Override
  public void close() throws Exception {
    topic.forgetReader();
    flink.close();
  }
}
