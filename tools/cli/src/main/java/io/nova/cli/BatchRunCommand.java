package io.nova.cli;

import io.nova.cli.batch.BatchRun;
import io.nova.cli.batch.BatchRunLines;
import io.nova.cli.batch.BatchRunResult;
import io.nova.cli.run.JobOptions;
import io.nova.cli.sql.SqlGateway;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs the reference batch layer for one batch. */
@Command(
    name = "run",
    description = {
      "Loads a closed batch and its late events into the table nova.batch_events, compares the rows"
          + " with the audit, and completes the batch.",
      "A second run writes the same rows, and late events that came meanwhile."
    },
    mixinStandardHelpOptions = true)
final class BatchRunCommand implements Callable<Integer> {
  @Parameters(paramLabel = "BATCH", description = "The batch.")
  private String batch = "";

  @Option(
      names = "--gateway",
      paramLabel = "URL",
      description =
          "The SQL gateway, such as http://127.0.0.1:8083 (default: that of the working folder).")
  private @Nullable URI gateway;

  @Option(
      names = {"-o", "--option"},
      paramLabel = "NAME=VALUE",
      description =
          "How the job reads events, for late ones: nova.mapping, nova.policy.file and"
              + " nova.dedup.window (default: as in the last run in the working folder).")
  private Map<String, String> options = Map.of();

  @Option(
      names = "--without-late",
      description = "Add no late events, and do not read the rejected topic.")
  private boolean withoutLate;

  @Mixin private BatchTarget target = new BatchTarget();

  @Override
  public Integer call() {
    long number = target.batch(target.table(), batch);
    BatchRun run =
        new BatchRun(
            gateway == null ? target.gateway() : new SqlGateway(gateway),
            target.catalog(),
            target.requests(),
            target.lateEvents(),
            new JobOptions(options).over(target.jobOptions()),
            target.longestWait());
    BatchRunResult result =
        (withoutLate ? run.withoutLateEvents() : run)
            .run(number, line -> (target.json() ? System.err : System.out).println(line));
    (target.json() ? List.of(BatchRunLines.json(result)) : BatchRunLines.text(result))
        .forEach(System.out::println);
    return BatchCommand.exitCode(result.state());
  }
}
