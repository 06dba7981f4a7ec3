package io.nova.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nova.cli.cluster.JobFigures;
import io.nova.cli.cluster.TableFileCount;
import io.nova.judge.Verdict;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DaysOutcomeTest {
  private static final LambdaTotals RIGHT = new LambdaTotals(13, 9, 0, 0, List.of());

  @Test
  void theLineHasDaysBatchesAndBothComparisons() throws Exception {
    JsonNode line = new ObjectMapper().readTree(outcome(3, 3, RIGHT, verdict(0)).json());

    assertThat(line.propertyStream().map(Map.Entry::getKey))
        .contains(
            "days",
            "closed",
            "completed",
            "removed",
            "handedOffChunks",
            "missing",
            "extra",
            "lambdaMissing",
            "lambdaExtra")
        .endsWith("holds")
        .doesNotContain("blockFiles", "eventsPerSecond");
    assertThat(line.path("holds").asBoolean()).isTrue();
    assertThat(line.path("handedOffChunks").asInt()).isEqualTo(8);
    assertThat(line.path("comparisons").asInt()).isEqualTo(13);
  }

  @Test
  void anAnswerThatLacksAnEventDoesNotHold() {
    LambdaTotals lambda =
        new LambdaTotals(13, 9, 1, 0, List.of("day 2: missing: Viewed of user 42"));
    DaysOutcome outcome = outcome(3, 3, lambda, verdict(0));

    assertThat(outcome.good()).isFalse();
    assertThat(outcome.json()).contains("\"lambdaMissing\":1", "\"holds\":false");
    assertThat(outcome.report()).contains("Not every day", "day 2: missing: Viewed of user 42");
  }

  @Test
  void aDayThatWasNotCompletedDoesNotHold() {
    assertThat(outcome(3, 2, RIGHT, verdict(0)).good()).isFalse();
  }

  @Test
  void anEventThatTheJudgeMissesDoesNotHold() {
    DaysOutcome outcome = outcome(3, 3, RIGHT, verdict(1));

    assertThat(outcome.good()).isFalse();
    assertThat(outcome.json()).contains("\"missing\":1", "\"holds\":false");
  }

  @Test
  void aReplayWithoutAnAnswerDoesNotHold() {
    assertThat(outcome(3, 3, new LambdaTotals(0, 0, 0, 0, List.of()), verdict(0)).good()).isFalse();
  }

  private static DaysOutcome outcome(
      int days, int completed, LambdaTotals lambda, Verdict verdict) {
    JobFigures figures = new JobFigures(10, 9, 1, new TreeMap<>(), 0, 0, 0, OptionalLong.empty());
    Outcome whole =
        new Outcome(10, 0, List.of(), figures, verdict, new TableFileCount(0, 0, 2), 90, 0);
    return new DaysOutcome(days, days, completed, completed, 8, lambda, whole);
  }

  private static Verdict verdict(long missing) {
    return new Verdict(10, 9, 1, Map.of(), missing, 0, 0, 0, Map.of(), List.of());
  }
}
