package io.nova.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.iceberg.TestCatalog.Kind;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The commit chain over a real table: block files, chunks, crashes between any two steps, older
 * savepoints, zombies, torn files. A batch layer takes batches over. docs/internals/testing.md says
 * how to run one seed.
 */
class TableSimulationTest {
  private static final int SEEDS = 7;
  private static final int MESSAGES = 120;
  private static final int SEEDS_A_CATALOG = 3;

  @TempDir private Path folder;
  private final TableCounts counts = new TableCounts();

  @Test
  void tableIsAFunctionOfTheCheckpointThroughCrashesZombiesAndOldSavepoints() {
    run(Kind.HADOOP, SEEDS);
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
  @EnumSource(names = {"JDBC", "REST"})
  void tableIsTheSameFunctionInADatabaseAndBehindAServer(Kind kind) {
    run(kind, SEEDS_A_CATALOG);
    if (Seeds.asByDefault()) {
      assertThat(List.of(counts.zombies, counts.chunks, counts.oldSavepoints, counts.closes))
          .extracting(AtomicInteger::get)
          .allMatch(count -> count > 1);
    }
  }

  private void run(Kind kind, int seeds) {
    Seeds.run(
        seeds, (seed, trace) -> TableWorld.run(kind, folder, MESSAGES, seed, trace, counts, null));
  }
}
