package io.nova.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.iceberg.TestCatalog.Kind;
import io.nova.iceberg.commit.HaltPoint;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The world of {@link TableSimulationTest}, killed at each step of a handoff. A class of its own,
 * so that both run at the same time.
 */
class HandoffKillSimulationTest {
  private static final int SEEDS_A_POINT = 3;
  private static final int MESSAGES = 60;

  @TempDir private Path folder;
  private final TableCounts counts = new TableCounts();

  @AfterEach
  void nobodyTakesThePoints() {
    HaltPoint.takenByNobody();
  }

  @ParameterizedTest
  @EnumSource
  void killAtAnyStepOfTheHandoffChangesNoAnswer(HaltPoint point) {
    run(Kind.HADOOP, SEEDS_A_POINT, point);
    if (Seeds.asByDefault()) {
      assertThat(counts.kills.get()).isPositive();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "JDBC, TAG",
    "JDBC, DELETE",
    "JDBC, EXPIRY",
    "REST, TAG",
    "REST, DELETE",
    "REST, EXPIRY"
  })
  void killAtASwapOfTheHandoffChangesNoAnswerThere(Kind kind, HaltPoint point) {
    run(kind, 1, point);
  }

  private void run(Kind kind, int seeds, HaltPoint point) {
    Seeds.run(
        seeds, (seed, trace) -> TableWorld.run(kind, folder, MESSAGES, seed, trace, counts, point));
  }
}
