package io.nova.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.cli.cluster.ClusterOptions;
import io.nova.cli.cluster.Distribution;
import io.nova.cli.cluster.LocalCluster;
import io.nova.cli.cluster.Ports;
import io.nova.cli.process.WorkFolder;
import io.nova.cli.run.BatchLayer;
import io.nova.cli.run.DaysOutcome;
import io.nova.cli.run.DaysRun;
import io.nova.cli.run.JobOptions;
import io.nova.cli.run.ProgressDisplay;
import io.nova.cli.run.ReplayedDays;
import io.nova.iceberg.BatchTable;
import io.nova.workload.send.Pace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The replay of {@code ./nova local --days 2}, with a batch layer that loses rows of day 2. */
@Tag("soak")
class DaysITCase {
  private static final int PARTITIONS = 4;
  private static final ReplayedDays DAYS = new ReplayedDays(2, 10_000, 7, PARTITIONS, Pace.UNPACED);

  private final ProgressDisplay display = ProgressDisplay.ofThisTerminal();

  @Test
  void daysAreHandedOffAndRowsThatTheBatchLayerLosesAreMissing() {
    JobOptions options = new JobOptions(DaysRun.SETTINGS);
    try (LocalCluster cluster = start()) {
      String job = cluster.submit(options.words(), Optional.empty(), 2);
      cluster.awaitRunning(job);
      BatchLayer whole = new ReferenceBatchLayer(cluster, options, display);
      BatchLayer lossy =
          batch -> {
            whole.run(batch);
            if (batch == DAYS.batch(2)) {
              loseAFile(cluster.warehouse(), batch);
            }
          };

      DaysOutcome outcome = new DaysRun(cluster, job, options, DAYS, lossy, display).replay();

      assertThat(outcome.closed()).isEqualTo(2);
      assertThat(outcome.completed()).isEqualTo(2);
      assertThat(outcome.removed()).isEqualTo(2);
      assertThat(outcome.handedOffChunks()).isPositive();
      assertThat(outcome.lambda().comparisons()).isEqualTo(9);
      assertThat(outcome.lambda().extra()).isZero();
      assertThat(outcome.lambda().missing()).isPositive();
      assertThat(outcome.lambda().examples())
          .noneMatch(example -> example.startsWith("day 1"))
          .anyMatch(example -> example.startsWith("day 2 of 2 · 2026-03-03 is completed"));
      assertThat(outcome.whole().verdict().missing()).isPositive();
      assertThat(outcome.whole().verdict().extra()).isZero();
      assertThat(outcome.good()).isFalse();
    }
  }

  private static LocalCluster start() {
    ClusterOptions options =
        new ClusterOptions(
            new WorkFolder(Path.of("target", "it", "days")),
            Ports.FREE,
            new ClusterOptions.Memory("384m", "800m", "2000m", "384m"),
            2,
            2,
            2);
    return LocalCluster.start(
        Distribution.ofThisProject(), options, true, PARTITIONS, System.out::println);
  }

  private static void loseAFile(String warehouse, long batch) {
    Table table = BatchTable.find(warehouse).orElseThrow();
    try (CloseableIterable<FileScanTask> files =
        table.newScan().filter(Expressions.equal("batch_number", batch)).planFiles()) {
      table.newDelete().deleteFile(files.iterator().next().file()).commit();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
