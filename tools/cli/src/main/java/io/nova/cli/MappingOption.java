package io.nova.cli;

import io.nova.judge.record.RecordMapping;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** How the records are read. */
public final class MappingOption {
  private static final String JOB_OPTION = "nova.mapping";

  @Option(
      names = "--mapping",
      paramLabel = "NAME|FILE",
      description =
          "How the records are read: amplitude (the default), github, segment, snowplow, or a"
              + " mapping file.")
  private String mapping = "";

  boolean given() {
    return !mapping.isEmpty();
  }

  /** The job's options with this one, a file by its whole path. */
  JobOptions in(JobOptions options) {
    if (!given()) {
      return options;
    }
    if (options.values().containsKey(JOB_OPTION)) {
      throw new CommandException("--mapping and -o nova.mapping: expected only one of them.");
    }
    String name =
        RecordMapping.SHIPPED.contains(mapping)
            ? mapping
            : Path.of(mapping).toAbsolutePath().toString();
    return options.with(JOB_OPTION, name);
  }

  /** The mapping that the job is told of, as the judge reads it. */
  public static RecordMapping of(JobOptions options) {
    try {
      return RecordMapping.of(options.values().getOrDefault(JOB_OPTION, "amplitude"));
    } catch (IllegalArgumentException e) {
      throw new CommandException(e.getMessage() + " Nothing was done.", e);
    }
  }
}
