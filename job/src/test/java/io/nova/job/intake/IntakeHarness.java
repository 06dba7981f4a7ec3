package io.nova.job.intake;

import io.nova.event.Tally;
import io.nova.job.JobWarehouse;
import io.nova.job.metrics.TallyCodec;
import io.nova.job.metrics.TallyReport;
import io.nova.kafka.PartitionProgress;
import io.nova.kafka.Received;
import io.nova.kafka.Rejected;
import io.nova.kafka.ShardMessage;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/** One subtask of the intake. */
final class IntakeHarness implements AutoCloseable {
  private static final OutputTag<Rejected> REJECTED =
      new OutputTag<>("rejected", TypeInformation.of(Rejected.class));
  private static final OutputTag<TallyReport> TALLIES =
      new OutputTag<>("tallies", TypeInformation.of(TallyReport.class));
  private static final OutputTag<PartitionProgress> PROGRESS =
      new OutputTag<>("progress", TypeInformation.of(PartitionProgress.class));
  private static final int MAX_PARALLELISM = 8;

  private final OneInputStreamOperatorTestHarness<Received, ShardMessage> flink;

  /** A subtask that has begun, from its part of a checkpoint where there is one. */
  IntakeHarness(Path folder, int parallelism, int number, @Nullable OperatorSubtaskState restored)
      throws Exception {
    flink =
        new OneInputStreamOperatorTestHarness<>(
            new Intake(new JobWarehouse(folder).settings, REJECTED, TALLIES, PROGRESS),
            MAX_PARALLELISM,
            parallelism,
            number);
    flink.setup();
    if (restored != null) {
      flink.initializeState(restored);
    }
    flink.open();
  }

  /** The part that one subtask restores of a checkpoint; null of a checkpoint without subtasks. */
  static @Nullable OperatorSubtaskState part(
      List<OperatorSubtaskState> checkpoint, int parallelism, int number) throws Exception {
    return checkpoint.isEmpty()
        ? null
        : AbstractStreamOperatorTestHarness.repartitionOperatorState(
            AbstractStreamOperatorTestHarness.repackageState(
                checkpoint.toArray(new OperatorSubtaskState[0])),
            MAX_PARALLELISM,
            checkpoint.size(),
            parallelism,
            number);
  }

  void read(Received received) throws Exception {
    flink.processElement(received, 0);
  }

  /** What was sent to the shards. */
  List<ShardMessage> sent() {
    return flink.extractOutputValues();
  }

  /** The progress that was sent to the handoff. */
  List<PartitionProgress> progress() {
    return flink.getSideOutput(PROGRESS).stream().map(StreamRecord::getValue).toList();
  }

  Tally tally() throws Exception {
    return TallyCodec.read(report().tally);
  }

  /** The report at the barrier of a checkpoint. */
  TallyReport report() throws Exception {
    flink.getOperator().prepareSnapshotPreBarrier(1);
    TallyReport last = new TallyReport();
    for (StreamRecord<TallyReport> report : flink.getSideOutput(TALLIES)) {
      last = report.getValue();
    }
    return last;
  }

  OperatorSubtaskState snapshot() throws Exception {
    return flink.snapshot(1, 1);
  }

  @Override
  public void close() throws Exception {
    flink.close();
  }
}
