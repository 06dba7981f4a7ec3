package io.nova.cli;

import io.nova.cli.process.CommandException;
import io.nova.cli.run.BatchLines;
import io.nova.handoff.AuditFigures;
import io.nova.handoff.BatchName;
import io.nova.handoff.BatchRequest;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.lifecycle.NamedByState;
import io.nova.iceberg.lifecycle.RemovalPlan;
import io.nova.iceberg.lifecycle.Retention;
import io.nova.iceberg.lifecycle.TableLifecycle;
import io.nova.kafka.batches.client.BatchAudit;
import io.nova.kafka.batches.client.BatchClient;
import io.nova.kafka.batches.client.BatchLine;
import io.nova.kafka.batches.client.BatchResult;
import io.nova.kafka.batches.client.RequestTopicException;
import io.nova.kafka.batches.client.TableBatches;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Closes, completes and shows batches. */
@Command(
    name = "batch",
    description = {
      "Closes batches, hands them to the batch layer, and shows them.",
      "BATCH is the UTC day or time at which a batch begins, such as 2026-11-21 or"
          + " 2026-11-21T13:00Z, or its number."
    },
    footer = {
      "",
      "Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 the job has not answered yet. The"
          + " request is kept then, and the job still decides on it."
    },
    mixinStandardHelpOptions = true,
    subcommands = BatchRunCommand.class,
    synopsisSubcommandLabel = "COMMAND")
final class BatchCommand implements Runnable {
  private static final int PENDING = 3;
  private static final Duration LEAST_AGE = Duration.ofHours(1);
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{32}");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Found no command.");
  }

  /** Lists the batches that have a tag. */
  @Command(
      name = "list",
      description = "Lists the batches that were closed, and what became of them.",
      mixinStandardHelpOptions = true)
  int list(@Mixin BatchTarget target) {
    EventTable table = target.table();
    List<BatchLine> lines =
        BatchLine.of(TableBatches.of(table.iceberg()), table.rules().batchLength());
    return print(target.json() ? BatchLines.json(lines) : BatchLines.text(lines));
  }

  /** Closes a batch. */
  @Command(
      name = "close",
      description = {
        "Closes a batch and all before it: its events are in the table under the tag batch-NUMBER,"
            + " and later ones are rejected.",
        "It is refused while a partition has not passed the batch's end."
      },
      mixinStandardHelpOptions = true)
  int close(
      @Parameters(paramLabel = "BATCH", description = "The batch.") String batch,
      @Option(names = "--force", description = "Do not wait for slow partitions.") boolean force,
      @Option(
              names = "--leave-out",
              paramLabel = "PARTITION",
              split = ",",
              description = "A partition that this close does not wait for. May be repeated.")
          @Nullable List<Integer> leaveOut,
      @Mixin BatchTarget target) {
    EventTable table = target.table();
    List<Integer> left = leaveOut == null ? List.of() : leaveOut;
    long number = target.batch(table, batch);
    return ask(target, table, BatchRequest.close(number, force, left, user(), now()));
  }

  /** Completes a batch. */
  @Command(
      name = "complete",
      description =
          "Says that the batch layer has loaded a closed batch. Queries leave its rows out from"
              + " then on.",
      mixinStandardHelpOptions = true)
  int complete(
      @Parameters(paramLabel = "BATCH", description = "The batch.") String batch,
      @Parameters(
              paramLabel = "LINK",
              description = "The UUID of the link that closed it, as `nova batch list` shows it.")
          UUID link,
      @Option(
              names = "--rows",
              paramLabel = "N",
              description = "The batch layer's number of rows, with --digest.")
          @Nullable Long rows,
      @Option(
              names = "--digest",
              paramLabel = "HEX",
              description = "The batch layer's audit digest, with --rows.")
          @Nullable String digest,
      @Option(
              names = "--force",
              description =
                  "Completes a batch that the batch layer will not load, so that its files can"
                      + " go. Queries then miss its rows.")
          boolean force,
      @Mixin BatchTarget target) {
    AuditFigures audit = figures(rows, digest, target);
    if (force && audit != null) {
      throw target.misused(
          "--force: found it with --rows and --digest, which it does not compare. Nothing was"
              + " done.");
    }
    EventTable table = target.table();
    long number = target.batch(table, batch);
    return ask(
        target,
        table,
        force
            ? BatchRequest.forceComplete(number, link.toString(), user(), now())
            : BatchRequest.complete(number, link.toString(), audit, user(), now()));
  }

  private static @Nullable AuditFigures figures(
      @Nullable Long rows, @Nullable String digest, BatchTarget target) {
    if (rows == null && digest == null) {
      return null;
    }
    if (rows == null || digest == null || !DIGEST.matcher(digest).matches()) {
      throw target.misused(
          "--rows and --digest: expected both, and 32 lower-case hexadecimal digits as in the last"
              + " line of `nova batch audit`. Nothing was done.");
    }
    return new AuditFigures(rows, digest);
  }

  /** Takes a completion back. */
  @Command(
      name = "withdraw",
      description = "Takes a completion back, until the batch's files are removed.",
      mixinStandardHelpOptions = true)
  int withdraw(
      @Parameters(paramLabel = "BATCH", description = "The batch.") String batch,
      @Mixin BatchTarget target) {
    EventTable table = target.table();
    return ask(target, table, BatchRequest.withdraw(target.batch(table, batch), user(), now()));
  }

  /** Retires a partition. */
  @Command(
      name = "retire",
      description =
          "The job stops waiting for a partition of the events' topic. The partition counts again"
              + " from its next record on.",
      mixinStandardHelpOptions = true)
  int retire(
      @Parameters(paramLabel = "PARTITION", description = "The number of the partition.")
          int partition,
      @Mixin BatchTarget target) {
    if (partition < 0) {
      throw target.misused(
          "PARTITION: found %d, expected 0 or more. Nothing was done.".formatted(partition));
    }
    return ask(target, target.table(), BatchRequest.retire(partition, user(), now()));
  }

  /** Runs the hourly task. */
  @Command(
      name = "expire",
      description =
          "Runs the hourly task of the table now: removes files of completed batches, old snapshots"
              + " and orphans.",
      mixinStandardHelpOptions = true)
  int expire(
      @Option(
              names = "--dry-run",
              description =
                  "List what would go, and change nothing. Files that the job's state names may be"
                      + " listed, too.")
          boolean dryRun,
      @Option(
              names = "--retention",
              paramLabel = "DURATION",
              description =
                  "With --dry-run: the job's nova.savepoint.retention, such as P7D (default:"
                      + " ${DEFAULT-VALUE}).",
              defaultValue = "P7D")
          Duration retention,
      @Mixin BatchTarget target) {
    if (!dryRun) {
      return ask(target, target.table(), BatchRequest.expire(user(), now()));
    }
    RemovalPlan plan =
        TableLifecycle.dryRun(
            target.table(), retention(retention, target), NamedByState.NOTHING, Instant.now());
    return print(target.json() ? BatchLines.json(plan) : BatchLines.text(plan));
  }

  private static Retention retention(Duration savepoints, BatchTarget target) {
    try {
      return new Retention(savepoints, LEAST_AGE);
    } catch (IllegalArgumentException e) {
      throw target.misused("--retention: %s. Nothing was done.".formatted(e.getMessage()));
    }
  }

  /** Audits a batch. */
  @Command(
      name = "audit",
      description =
          "Prints rows and digest of a closed batch, by app and hour of upload time, and in total.",
      mixinStandardHelpOptions = true)
  int audit(
      @Parameters(paramLabel = "BATCH", description = "The batch.") String batch,
      @Mixin BatchTarget target) {
    EventTable table = target.table();
    long number = target.batch(table, batch);
    String name = BatchName.of(number, table.rules().batchLength());
    try {
      BatchAudit.Result audit = BatchAudit.of(table.iceberg(), number, name);
      return print(target.json() ? BatchLines.json(audit) : BatchLines.text(audit));
    } catch (IllegalArgumentException e) {
      throw new CommandException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Lists late events. */
  @Command(
      name = "late",
      description = {
        "Lists the events of a batch that were rejected because they came too late, by their"
            + " reason.",
        "With --json each line has the original message, too."
      },
      mixinStandardHelpOptions = true)
  int late(
      @Parameters(paramLabel = "BATCH", description = "The batch.") String batch,
      @Mixin BatchTarget target) {
    EventTable table = target.table();
    long number = target.batch(table, batch);
    try {
      return print(
          target.json()
              ? BatchLines.lateJson(target.lateEvents().of(number, table))
              : BatchLines.lateText(target.lateEvents().of(number, table)));
    } catch (RequestTopicException e) {
      throw new CommandException(String.valueOf(e.getMessage()), e);
    }
  }

  private static int ask(BatchTarget target, EventTable table, BatchRequest request) {
    try {
      BatchResult result =
          new BatchClient(table, target.requests()).ask(request, target.longestWait());
      String name =
          request.batch() == null ? "" : BatchName.of(request.batch(), table.rules().batchLength());
      print(target.json() ? BatchLines.json(name, result) : BatchLines.text(name, request, result));
      return exitCode(result.state());
    } catch (RequestTopicException e) {
      throw new CommandException(String.valueOf(e.getMessage()), e);
    }
  }

  static int exitCode(BatchResult.State state) {
    return switch (state) {
      case CLOSED, COMPLETED, WITHDRAWN, RETIRED, EXPIRED -> 0;
      case REFUSED -> 1;
      case PENDING -> PENDING;
    };
  }

  private static int print(List<String> lines) {
    new ArrayList<>(lines).forEach(System.out::println);
    return 0;
  }

  private static String user() {
    return "nova batch of " + System.getProperty("user.name", "unknown");
  }

  private static long now() {
    return System.currentTimeMillis();
  }
}
