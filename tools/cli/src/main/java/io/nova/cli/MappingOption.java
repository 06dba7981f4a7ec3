package io.nova.cli;

import io.nova.cli.process.CommandException;
import io.nova.cli.run.JobOptions;
import io.nova.judge.record.RecordMapping;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option that names the mapping. */
final class MappingOption {
  @Option(
      names = "--mapping",
      paramLabel = "NAME|FILE",
      description =
          "How the records are read: amplitude (the default), amplitude-http, cloudevents, ga4,"
              + " github, posthog, rudderstack, segment, snowplow, or a mapping file. With -batch at"
              + " the end, amplitude-http, posthog, rudderstack and segment read requests with several"
              + " events.")
  private String mapping = "";

  boolean given() {
    return !mapping.isEmpty();
  }

  /**
   * The job's options and this one; a file is named by its absolute path.
   *
   * @throws CommandException when the job's options already name a mapping
   */
  JobOptions in(JobOptions options) {
    if (!given()) {
      return options;
    }
    if (options.values().containsKey(JobOptions.MAPPING)) {
      throw new CommandException("Found both --mapping and -o nova.mapping, expected one of them.");
    }
    String name =
        RecordMapping.SHIPPED.contains(mapping)
            ? mapping
            : Path.of(mapping).toAbsolutePath().toString();
    return options.with(JobOptions.MAPPING, name);
  }
}
