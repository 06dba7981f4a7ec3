package io.nova.cli.cluster;

import io.nova.cli.process.Await;
import io.nova.cli.process.ChildProcess;
import io.nova.cli.process.CommandException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Flink's own command line, each call in a process of its own. For one thread. */
public final class FlinkCli {
  private static final Pattern SUBMITTED = Pattern.compile("submitted with JobID ([0-9a-f]{32})");
  private static final Pattern SAVEPOINT = Pattern.compile("Savepoint completed\\. Path: (.+)");

  private final FlinkProcesses flink;
  private int calls;

  public FlinkCli(FlinkProcesses flink) {
    this.flink = flink;
  }

  /** Submits a job with {@code flink run -d}, and returns its id. */
  String run(List<String> flinkOptions, Path jar, List<String> jobArguments) {
    ArrayList<String> words = new ArrayList<>(List.of("run", "-d"));
    words.addAll(flinkOptions);
    words.add(jar.toString());
    words.addAll(jobArguments);
    return find(SUBMITTED, call(words, Duration.ofMinutes(3), () -> {}));
  }

  /** Makes a savepoint with {@code flink savepoint}, and returns its path. The job goes on. */
  String savepoint(String job, String folder) {
    return savepointIn(call(List.of("savepoint", job, folder), Duration.ofMinutes(10), () -> {}));
  }

  /**
   * Ends a job with {@code flink stop}, and returns the savepoint's path.
   *
   * @param folder where the savepoint goes: a path, or a URI of a store that Flink can write
   * @param drain whether {@code --drain} is given
   * @param meanwhile called a few times a second; it may throw to give up
   */
  public String stop(String job, String folder, boolean drain, Runnable meanwhile) {
    ArrayList<String> words = new ArrayList<>(List.of("stop", "-p", folder));
    if (drain) {
      words.add("--drain");
    }
    words.add(job);
    return savepointIn(call(words, Duration.ofMinutes(60), meanwhile));
  }

  private String call(List<String> words, Duration atMost, Runnable meanwhile) {
    String name = "cli-" + words.get(0) + "-" + ++calls;
    ChildProcess process = flink.startCli(name, words);
    try {
      Await.until("`flink " + words.get(0) + "`", atMost, meanwhile, () -> !process.alive());
    } finally {
      process.kill();
    }
    String output = process.output();
    if (process.process().exitValue() != 0) {
      throw new CommandException(
          "`flink %s` failed. Its log is %s, its output:\n%s"
              .formatted(words.get(0), process.log(), output.strip()));
    }
    return output;
  }

  /** The path of the savepoint, which may have blanks. */
  static String savepointIn(String output) {
    return find(SAVEPOINT, output);
  }

  private static String find(Pattern pattern, String output) {
    Matcher found = pattern.matcher(output);
    if (!found.find()) {
      throw new CommandException(
          "Expected `%s` in the output of Flink's command line, found:\n%s"
              .formatted(pattern, output));
    }
    return found.group(1).strip();
  }
}
