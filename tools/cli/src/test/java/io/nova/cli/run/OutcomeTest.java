package io.nova.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.cli.cluster.JobFigures;
import io.nova.cli.cluster.TableFileCount;
import io.nova.judge.Verdict;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class OutcomeTest {
  @Test
  void agreementIsGood() {
    Outcome outcome = outcome(figures(7, 2), verdict(7, 2));
    assertThat(outcome.good()).isTrue();
    assertThat(outcome.json())
        .contains("\"sent\":10", "\"rejected\":{\"not_json\":1}", "\"missing\":0", "\"chunks\":2")
        .doesNotContain("\n");
  }

  @Test
  void countersThatDisagreeWithTheJudgeAreNotGood() {
    Outcome outcome = outcome(figures(6, 3), verdict(7, 2));
    assertThat(outcome.good()).isFalse();
    assertThat(outcome.disagreements())
        .containsExactly(
            "admitted by the job: 6; by the judge: 7", "duplicates by the job: 3; by the judge: 2");
    assertThat(outcome.report()).contains("Not every event is there exactly once");
  }

  @Test
  void nothingAdmittedIsSaidAndNotGood() {
    Outcome outcome = outcome(figures(0, 9), verdict(0, 9));

    assertThat(outcome.report()).contains("Nothing was admitted").doesNotContain("exactly once");
    assertThat(outcome.good()).isFalse();
    assertThat(outcome.json()).contains("\"missing\":0", "\"holds\":false");
  }

  @Test
  void messagesThatAllFailedAtTheBrokerAreNotGood() {
    Outcome outcome = nothingSent(7);

    assertThat(outcome.report()).contains("Nothing was admitted");
    assertThat(outcome.good()).isFalse();
  }

  @Test
  void aRunWithoutMessagesIsGoodAndSaysSo() {
    Outcome outcome = nothingSent(0);

    assertThat(outcome.report()).contains("Nothing was sent").doesNotContain("exactly once");
    assertThat(outcome.good()).isTrue();
  }

  private static Outcome nothingSent(long failed) {
    JobFigures figures = new JobFigures(0, 0, 0, new TreeMap<>(), 0, 0, 0, OptionalLong.empty());
    Verdict verdict = new Verdict(0, 0, 0, Map.of(), 0, 0, 0, 0, Map.of(), List.of());
    return new Outcome(0, failed, List.of(), figures, verdict, new TableFileCount(0, 0, 0), 1.5, 0);
  }

  @Test
  void aFileThatWasLeftOutIsNotGood() {
    Outcome outcome =
        new Outcome(
            10,
            0,
            List.of("a.zip!b.txt: its name"),
            figures(7, 2),
            verdict(7, 2),
            new TableFileCount(8, 0, 2),
            1.5,
            1000);

    assertThat(outcome.good()).isFalse();
    assertThat(outcome.report()).contains("Not all of the files was read", "a.zip!b.txt");
    assertThat(outcome.json())
        .contains("\"unreadFiles\":[\"a.zip!b.txt: its name\"]", "\"holds\":false");
  }

  private static Outcome outcome(JobFigures figures, Verdict verdict) {
    return new Outcome(10, 0, List.of(), figures, verdict, new TableFileCount(8, 0, 2), 1.5, 1000);
  }

  private static JobFigures figures(long admitted, long duplicates) {
    return new JobFigures(
        10,
        admitted,
        duplicates,
        new TreeMap<>(Map.of("not_json", 1L)),
        0,
        0,
        0,
        OptionalLong.empty());
  }

  private static Verdict verdict(long admitted, long duplicates) {
    return new Verdict(
        10, admitted, duplicates, Map.of("not_json", 1L), 0, 0, 0, 0, Map.of(), List.of());
  }
}
