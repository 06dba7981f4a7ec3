package io.nova.job.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.event.Micros;
import io.nova.kafka.Received;
import io.nova.shard.Offer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each event carries the progress of its partition, which is a function of the partition alone. */
class IntakeProgressTest {
  private static final int PARTITIONS = 3;
  private static final int EVENTS = 120;
  private static final long MINUTE = 60_000_000;

  @TempDir private Path folder;

  /** Reads an event, and returns the progress that it carries. */
  private static long read(IntakeHarness intake, int partition, int offset) throws Exception {
    Received received = new Received();
    Offer event = new Offer();
    event.partition = partition;
    event.offset = offset;
    event.uploadMicros = uploadMicros(partition, offset);
    received.event = event;
    received.recordMicros = event.uploadMicros;
    intake.read(received);
    return event.progressMicros;
  }

  private static long uploadMicros(int partition, int offset) {
    return (partition * 7L + offset * 6L) * MINUTE;
  }

  @Test
  void eventCarriesTheProgressBeforeItThroughRestoresAndRescales() throws Exception {
    List<List<Long>> straight = new ArrayList<>();
    try (IntakeHarness intake = new IntakeHarness(folder, 1, 0, null)) {
      for (int partition = 0; partition < PARTITIONS; partition++) {
        straight.add(new ArrayList<>());
        for (int offset = 0; offset < EVENTS; offset++) {
          straight.get(partition).add(read(intake, partition, offset));
        }
      }
    }
    assertThat(straight.get(0)).startsWith(Micros.UNKNOWN).isSorted();
    assertThat(straight.get(0).get(EVENTS - 1)).isGreaterThan(uploadMicros(0, EVENTS - 15));

    assertThat(interrupted()).isEqualTo(straight);
  }

  @Test
  void handoffKnowsAtACheckpointExactlyHowFarEachPartitionIsRead() throws Exception {
    try (IntakeHarness intake = new IntakeHarness(folder, 1, 0, null)) {
      for (int offset = 0; offset < EVENTS; offset++) {
        read(intake, 0, offset);
      }
      read(intake, 2, 0);
      intake.tally();

      assertThat(intake.progress())
          .extracting(progress -> progress.partition + ":" + progress.offset)
          .containsExactlyInAnyOrder("0:" + (EVENTS - 1), "2:0");
      intake.tally();
      assertThat(intake.progress()).hasSize(2);
    }
  }

  @Test
  void aMessageWithoutElementsIsReadButNotReceived() throws Exception {
    try (IntakeHarness intake = new IntakeHarness(folder, 1, 0, null)) {
      Received nothing = new Received();
      nothing.nothing = true;
      nothing.partition = 1;
      nothing.offset = 5;
      intake.read(nothing);

      assertThat(intake.tally().total().received).isZero();
      assertThat(intake.progress())
          .extracting(progress -> progress.partition + ":" + progress.offset)
          .containsExactly("1:5");
    }
  }

  /** Reads a few events at a time between restores, each partition by another subtask each time. */
  private List<List<Long>> interrupted() throws Exception {
    List<List<Long>> carried = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    List<OperatorSubtaskState> states = List.of();
    for (int round = 0; carried.stream().anyMatch(p -> p.size() < EVENTS); round++) {
      int subtasks = 1 + round % 3;
      List<OperatorSubtaskState> next = new ArrayList<>();
      Map<Integer, Long> offsets = new TreeMap<>();
      for (int number = 0; number < subtasks; number++) {
        OperatorSubtaskState own = IntakeHarness.part(states, subtasks, number);
        try (IntakeHarness intake = new IntakeHarness(folder, subtasks, number, own)) {
          for (int partition = 0; partition < PARTITIONS; partition++) {
            boolean silent = round % 5 == partition;
            if ((partition + round) % subtasks == number && !silent) {
              readSeven(intake, partition, carried.get(partition));
            }
          }
          intake.report().nextOffsets().forEach((p, o) -> offsets.merge(p, o, Math::max));
          next.add(intake.snapshot());
        }
      }
      for (int partition = 0; partition < PARTITIONS; partition++) {
        long read = carried.get(partition).size();
        assertThat(offsets.getOrDefault(partition, 0L)).isEqualTo(read);
      }
      states = next;
    }
    return carried;
  }

  private static void readSeven(IntakeHarness intake, int partition, List<Long> carried)
      throws Exception {
    for (int i = 0; i < 7 && carried.size() < EVENTS; i++) {
      carried.add(read(intake, partition, carried.size()));
    }
  }
}
