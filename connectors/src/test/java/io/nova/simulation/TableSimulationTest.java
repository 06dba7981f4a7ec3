package io.nova.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.iceberg.TestCatalog;
import io.nova.iceberg.TestCatalog.Kind;
import io.nova.iceberg.commit.HaltPoint;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The commit chain over a real table: block files, chunks, crashes between any two steps, older
 * savepoints, zombies, torn files. A batch layer takes batches over. docs/internals/testing.md says
 * how to run one seed.
 */
class TableSimulationTest {
  private static final int SEEDS = 7;
  private static final int MESSAGES = 120;
  private static final int SEEDS_A_POINT = 3;
  private static final int MESSAGES_A_POINT = 60;
  private static final int SEEDS_A_CATALOG = 3;

  @TempDir private Path folder;
  private final TableCounts counts = new TableCounts();

  @AfterEach
  void nobodyTakesThePoints() {
    HaltPoint.takenByNobody();
  }

  @Test
  void tableIsAFunctionOfTheCheckpointThroughCrashesZombiesAndOldSavepoints() {
    run(Kind.HADOOP, SEEDS, MESSAGES, null);
    if (Seeds.asByDefault()) {
      assertThat(
              List.of(
                  counts.zombies,
                  counts.chunks,
                  counts.mergedAgain,
                  counts.takenBack,
                  counts.oldSavepoints,
                  counts.refused,
                  counts.left,
                  counts.closes,
                  counts.removals,
                  counts.removedFiles))
          .extracting(AtomicInteger::get)
          .allMatch(count -> count > 1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void killAtAnyStepOfTheHandoffChangesNoAnswer(HaltPoint point) {
    run(Kind.HADOOP, SEEDS_A_POINT, MESSAGES_A_POINT, point);
    if (Seeds.asByDefault()) {
      assertThat(counts.kills.get()).isPositive();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"JDBC", "REST"})
  void tableIsTheSameFunctionInADatabaseAndBehindAServer(Kind kind) {
    run(kind, SEEDS_A_CATALOG, MESSAGES, null);
    if (Seeds.asByDefault()) {
      assertThat(List.of(counts.zombies, counts.chunks, counts.oldSavepoints, counts.closes))
          .extracting(AtomicInteger::get)
          .allMatch(count -> count > 1);
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
    run(kind, 1, MESSAGES_A_POINT, point);
  }

  private void run(Kind kind, int seeds, int messages, @Nullable HaltPoint point) {
    Seeds.run(
        seeds,
        (seed, trace) -> {
          Measures measures = Measures.draw(seed, messages).withBatchesOf(1 + (int) (seed % 4));
          Path warehouse = folder.resolve("warehouse %d %s".formatted(seed, point));
          try (TestCatalog catalog = TestCatalog.open(kind, warehouse)) {
            new TableWorld(catalog.address(), measures, seed, trace, counts, point).run();
          }
        });
  }
}
