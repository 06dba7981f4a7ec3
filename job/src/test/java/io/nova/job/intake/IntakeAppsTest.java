package io.nova.job.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.event.RejectReason;
import io.nova.event.Tally;
import io.nova.job.JobWarehouse;
import io.nova.job.metrics.TallyCodec;
import io.nova.job.metrics.TallyReport;
import io.nova.kafka.Received;
import io.nova.kafka.Rejected;
import io.nova.kafka.ShardMessage;
import io.nova.shard.Offer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Apps come from messages: whoever writes to the topic may invent new ones. */
class IntakeAppsTest {
  private static final OutputTag<Rejected> REJECTED =
      new OutputTag<>("rejected", TypeInformation.of(Rejected.class));
  private static final OutputTag<TallyReport> TALLIES =
      new OutputTag<>("tallies", TypeInformation.of(TallyReport.class));
  private static final int MAX_PARALLELISM = 8;

  @TempDir private Path folder;

  /** One subtask of the intake. */
  private final class Subtask implements AutoCloseable {
    private final OneInputStreamOperatorTestHarness<Received, ShardMessage> flink;

    Subtask(int parallelism, int number, @Nullable OperatorSubtaskState restored) throws Exception {
      flink =
          new OneInputStreamOperatorTestHarness<>(
              new Intake(new JobWarehouse(folder).settings, REJECTED, TALLIES),
              MAX_PARALLELISM,
              parallelism,
              number);
      flink.setup();
      if (restored != null) {
        flink.initializeState(restored);
      }
      flink.open();
    }

    void event(long app) throws Exception {
      Received received = new Received();
      received.app = Long.toString(app);
      received.event = new Offer();
      received.event.app = received.app;
      flink.processElement(received, 0);
    }

    void rejected(long app) throws Exception {
      Received received = new Received();
      received.app = Long.toString(app);
      received.rejected = Rejected.of(RejectReason.TOO_EARLY, "early", "events", 0, 0, new byte[0]);
      flink.processElement(received, 0);
    }

    Tally tally() throws Exception {
      flink.getOperator().prepareSnapshotPreBarrier(1);
      byte[] last = new byte[0];
      for (StreamRecord<TallyReport> report : flink.getSideOutput(TALLIES)) {
        last = report.getValue().tally;
      }
      return TallyCodec.read(last);
    }

    /** The apps of the events sent on, and the apps that they count as. */
    Set<String> countedAs() {
      Set<String> names = new TreeSet<>();
      for (ShardMessage message : flink.extractOutputValues()) {
        if (message.event != null) {
          names.add(message.event.app + " as " + message.event.countedAs);
        }
      }
      return names;
    }

    OperatorSubtaskState snapshot() throws Exception {
      return flink.snapshot(1, 1);
    }

    @Override
    public void close() throws Exception {
      flink.close();
    }
  }

  @Test
  void talliesTellALimitedNumberOfAppsApart() throws Exception {
    try (Subtask intake = new Subtask(1, 0, null)) {
      for (long app = 0; app < 20_000; app++) {
        intake.event(app);
        intake.rejected(-1 - app);
      }
      intake.event(7);

      Tally tally = intake.tally();
      assertThat(tally.byApp()).hasSize(CountedApps.MOST + 1);
      assertThat(tally.total().received).isEqualTo(40_001);
      assertThat(tally.of("7").received).isEqualTo(2);
      assertThat(tally.of(Tally.OTHER_APPS).received).isEqualTo(40_000 - CountedApps.MOST);
      assertThat(intake.countedAs()).contains("7 as 7", "19999 as other").hasSize(20_000);
    }
  }

  /** Shards count by the name that the intake gave, so the sum is closed for each name. */
  @Test
  void appsToldApartStaySoAndAreFewThroughRestoresAndRescales() throws Exception {
    List<OperatorSubtaskState> states = new ArrayList<>();
    try (Subtask intake = new Subtask(1, 0, null)) {
      for (long app = 0; app < 400; app++) {
        intake.event(app);
      }
      states.add(intake.snapshot());
    }
    long next = 1000;
    for (int round = 0; round < 6; round++) {
      int before = states.size();
      int now = before == 1 ? 4 : 1;
      OperatorSubtaskState all =
          AbstractStreamOperatorTestHarness.repackageState(
              states.toArray(new OperatorSubtaskState[0]));
      states.clear();
      Set<String> told = new TreeSet<>();
      for (int number = 0; number < now; number++) {
        OperatorSubtaskState own =
            AbstractStreamOperatorTestHarness.repartitionOperatorState(
                all, MAX_PARALLELISM, before, now, number);
        try (Subtask intake = new Subtask(now, number, own)) {
          intake.event(7);
          for (int i = 0; i < 1000; i++) {
            intake.event(next++);
          }
          assertThat(intake.countedAs()).contains("7 as 7");
          told.addAll(intake.tally().byApp().keySet());
          states.add(intake.snapshot());
        }
      }
      assertThat(told).hasSizeLessThanOrEqualTo(4 * CountedApps.MOST);
    }
  }
}
