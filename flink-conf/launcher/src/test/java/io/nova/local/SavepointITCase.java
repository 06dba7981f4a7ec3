package io.nova.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.input.Message;
import io.nova.judge.Verdict;
import io.nova.send.Pace;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SavepointITCase {
  private static final int MESSAGES = 30_000;

  @Test
  void stopAndResumeInTheMiddleOfABlockAndAnOlderSavepointLoseNothingAndRepeatNothing() {
    List<Message> day = TestCluster.generated(MESSAGES);
    List<Message> first = day.subList(0, MESSAGES / 2);
    List<Message> second = day.subList(MESSAGES / 2, MESSAGES);
    try (TestCluster nova = TestCluster.start("savepoint")) {
      nova.submit(Optional.empty(), 2);
      nova.send(first, Pace.UNPACED);
      nova.awaitAllDecided();
      JobFigures atStop = nova.figures();
      assertThat(atStop.openBlocks()).as("blocks cut in the middle").isPositive();
      String stopped = nova.stop(false);

      nova.submit(Optional.of(stopped), 3);
      assertThat(nova.figures().admitted()).isEqualTo(atStop.admitted());
      nova.send(first, Pace.UNPACED);
      nova.awaitAllDecided();
      assertThat(nova.figures().admitted())
          .as("nothing of the 15,000 second copies")
          .isEqualTo(atStop.admitted());
      String older = nova.savepoint();

      nova.send(second, Pace.UNPACED);
      nova.awaitAllDecided();
      long admitted = nova.figures().admitted();
      nova.stop(false);

      nova.submit(Optional.of(older), 1);
      nova.awaitAllDecided();
      assertThat(nova.figures().admitted()).isEqualTo(admitted);
      nova.stop(true);
      Verdict verdict = nova.judge();
      assertThat(verdict.examples()).isEmpty();
      assertThat(verdict.holds()).isTrue();
      assertThat(verdict.sent()).isEqualTo(MESSAGES + first.size());
      assertThat(verdict.duplicates()).isGreaterThan(10_000);
    }
  }
}
