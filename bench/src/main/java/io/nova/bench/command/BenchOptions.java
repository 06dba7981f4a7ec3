package io.nova.bench.command;

import io.nova.bench.side.BenchCluster;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of every command of {@code nova bench}. */
final class BenchOptions {
  /** Fewer messages do not keep a job busy for the seconds that a rate needs. */
  private static final long FEWEST = 10_000;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--json",
      description = "Also print the figures as one JSON object, in the last line.")
  private boolean json;

  @Option(
      names = "--svg",
      paramLabel = "FILE",
      description = "Where the plot goes (default: bench/target/bench-COMMAND.svg).")
  private @Nullable Path svg;

  @Option(
      names = "--folder",
      paramLabel = "FOLDER",
      description = "Working folder of the cluster (default: bench/target/bench-COMMAND).")
  private @Nullable Path folder;

  boolean json() {
    return json;
  }

  Path svg() {
    return svg == null ? BenchCluster.target().resolve(name() + ".svg") : svg;
  }

  Path folder() {
    return folder == null ? BenchCluster.target().resolve(name()) : folder;
  }

  private String name() {
    return "bench-" + spec.name();
  }

  /** Checks that an option gives enough messages for a rate. */
  void enough(String option, long messages) {
    require(
        messages >= FEWEST, option, messages, String.format(Locale.ROOT, "%,d or more", FEWEST));
  }

  /** Checks that an option is a rate. */
  void above0(String option, double rate) {
    require(rate > 0 && rate < 1e9, option, rate, "a number above 0");
  }

  /** Checks that each value of an option is a name and a value. */
  void pairs(String option, List<String> pairs) {
    pairs.forEach(pair -> require(pair.indexOf('=') > 0, option, pair, "NAME=VALUE"));
  }

  private void require(boolean holds, String option, Object found, String expected) {
    if (!holds) {
      throw new ParameterException(
          spec.commandLine(), "%s %s: expected %s.".formatted(option, found, expected));
    }
  }
}
