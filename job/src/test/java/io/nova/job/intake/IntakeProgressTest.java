package io.nova.job.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.event.Micros;
import io.nova.job.JobWarehouse;
import io.nova.job.metrics.TallyReport;
import io.nova.kafka.Received;
import io.nova.kafka.Rejected;
import io.nova.kafka.ShardMessage;
import io.nova.shard.Offer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each event carries the progress of its partition, which is a function of the partition alone. */
class IntakeProgressTest {
  private static final OutputTag<Rejected> REJECTED =
      new OutputTag<>("rejected", TypeInformation.of(Rejected.class));
  private static final OutputTag<TallyReport> TALLIES =
      new OutputTag<>("tallies", TypeInformation.of(TallyReport.class));
  private static final int MAX_PARALLELISM = 8;
  private static final int PARTITIONS = 3;
  private static final int EVENTS = 120;
  private static final long MINUTE = 60_000_000;

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

    /** Reads an event, and returns the progress that it carries. */
    long read(int partition, int offset) throws Exception {
      Received received = new Received();
      received.event = new Offer();
      received.event.partition = partition;
      received.event.offset = offset;
      received.event.uploadMicros = uploadMicros(partition, offset);
      received.recordMicros = received.event.uploadMicros;
      flink.processElement(received, 0);
      return received.event.progressMicros;
    }

    OperatorSubtaskState snapshot() throws Exception {
      return flink.snapshot(1, 1);
    }

    @Override
    public void close() throws Exception {
      flink.close();
    }
  }

  private static long uploadMicros(int partition, int offset) {
    return (partition * 7L + offset * 6L) * MINUTE;
  }

  @Test
  void eventCarriesTheProgressBeforeItThroughRestoresAndRescales() throws Exception {
    List<List<Long>> straight = new ArrayList<>();
    try (Subtask intake = new Subtask(1, 0, null)) {
      for (int partition = 0; partition < PARTITIONS; partition++) {
        straight.add(new ArrayList<>());
        for (int offset = 0; offset < EVENTS; offset++) {
          straight.get(partition).add(intake.read(partition, offset));
        }
      }
    }
    assertThat(straight.get(0)).startsWith(Micros.UNKNOWN).isSorted();
    assertThat(straight.get(0).get(EVENTS - 1)).isGreaterThan(uploadMicros(0, EVENTS - 15));

    assertThat(interrupted()).isEqualTo(straight);
  }

  /** Reads a few events at a time between restores, each partition by another subtask each time. */
  private List<List<Long>> interrupted() throws Exception {
    List<List<Long>> carried = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    List<OperatorSubtaskState> states = List.of();
    for (int round = 0; carried.stream().anyMatch(p -> p.size() < EVENTS); round++) {
      int subtasks = 1 + round % 3;
      List<OperatorSubtaskState> next = new ArrayList<>();
      for (int number = 0; number < subtasks; number++) {
        try (Subtask intake = new Subtask(subtasks, number, part(states, subtasks, number))) {
          for (int partition = 0; partition < PARTITIONS; partition++) {
            boolean silent = round % 5 == partition;
            if ((partition + round) % subtasks == number && !silent) {
              readSeven(intake, partition, carried.get(partition));
            }
          }
          next.add(intake.snapshot());
        }
      }
      states = next;
    }
    return carried;
  }

  private static void readSeven(Subtask intake, int partition, List<Long> carried)
      throws Exception {
    for (int i = 0; i < 7 && carried.size() < EVENTS; i++) {
      carried.add(intake.read(partition, carried.size()));
    }
  }

  private static @Nullable OperatorSubtaskState part(
      List<OperatorSubtaskState> states, int subtasks, int number) throws Exception {
    return states.isEmpty()
        ? null
        : AbstractStreamOperatorTestHarness.repartitionOperatorState(
            AbstractStreamOperatorTestHarness.repackageState(
                states.toArray(new OperatorSubtaskState[0])),
            MAX_PARALLELISM,
            states.size(),
            subtasks,
            number);
  }
}
