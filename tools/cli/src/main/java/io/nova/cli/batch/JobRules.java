package io.nova.cli.batch;

import io.nova.cli.process.CommandException;
import io.nova.cli.run.JobOptions;
import io.nova.event.mapping.Mapping;
import io.nova.iceberg.TableRules;
import io.nova.kafka.PolicyRules;
import io.nova.kafka.batches.client.LateRowReader;
import io.nova.policy.Policy;
import io.nova.shard.ConflictRule;
import java.time.Duration;
import java.util.List;

/** The rules by which a job reads events, from its options. */
final class JobRules {
  private static final Duration LARGEST_WINDOW = Duration.ofDays(7);

  private JobRules() {}

  /**
   * A reader of late events by the rules of a job.
   *
   * @throws CommandException if mapping or policy file cannot be read
   */
  static LateRowReader reader(TableRules table, JobOptions job) {
    try {
      return new LateRowReader(
          table,
          Mapping.of(job.values().getOrDefault(JobOptions.MAPPING, "amplitude")),
          policies(job));
    } catch (IllegalArgumentException e) {
      throw new CommandException(e.getMessage() + " Nothing was done.", e);
    }
  }

  private static PolicyRules policies(JobOptions job) {
    return new PolicyRules(
        job.values().getOrDefault(JobOptions.POLICY_FILE, ""),
        new Policy(List.of(), job.dedupWindow(), ConflictRule.KEEP_FIRST),
        LARGEST_WINDOW,
        Duration.ofDays(1));
  }
}
