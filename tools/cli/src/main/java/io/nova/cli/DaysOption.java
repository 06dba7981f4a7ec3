package io.nova.cli;

import io.nova.cli.run.DaysRun;
import io.nova.cli.run.JobOptions;
import io.nova.cli.run.ReplayedDays;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The option of {@code nova local} that replays days with a batch run after each. */
final class DaysOption {
  @Option(
      names = "--days",
      paramLabel = "N",
      description =
          "Replay 1 to 7 generated days. Each is closed, loaded by a batch run, completed and removed,"
              + " and lambda_events is compared with the sent messages after each step. Then judge"
              + " and stop everything, as with --once. The job gets short periods, which are"
              + " printed.")
  private @Nullable Integer days;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  boolean given() {
    return days != null;
  }

  /**
   * The days to replay.
   *
   * @throws ParameterException if there are none, too many, or days that are not over
   */
  ReplayedDays of(SendOptions sending) {
    if (sending.fromFiles()) {
      throw misused("--days sends generated days, so it takes no --events. Nothing was done.");
    }
    try {
      ReplayedDays replayed = sending.days(days == null ? 0 : days);
      replayed.mustBeOver(Instant.now());
      return replayed;
    } catch (IllegalArgumentException e) {
      throw misused(String.valueOf(e.getMessage()));
    }
  }

  /**
   * The job's options with those of a replay; what the user gives goes first.
   *
   * @throws ParameterException if the user's options do not go with a replay
   */
  JobOptions with(JobOptions given) {
    if (given.values().containsKey(JobOptions.MAPPING)) {
      throw misused(
          "--days sends generated records of Amplitude's form, so it takes no mapping. Nothing was"
              + " done.");
    }
    if (!given.batchLength().equals(Duration.ofDays(1))) {
      throw misused(
          "nova.batch.length: found %s, expected one day with --days. Nothing was done."
              .formatted(given.batchLength()));
    }
    return given.over(DaysRun.SETTINGS);
  }

  private ParameterException misused(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
