package io.nova.cli.run;

import io.nova.cli.process.CommandException;
import io.nova.judge.record.RecordMapping;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The user's options of the job.
 *
 * @param values by name, such as {@code nova.dedup.window}; every name begins with {@code nova.}
 */
public record JobOptions(Map<String, String> values) {
  /** The name of the job's option for the mapping. */
  public static final String MAPPING = "nova.mapping";

  /** The name of the job's option for the policy file. */
  public static final String POLICY_FILE = "nova.policy.file";

  /** The prefix of the job's options for its Iceberg catalog. */
  public static final String CATALOG = "nova.catalog.";

  /** The name of the job's option for the format of the values. */
  private static final String VALUE_FORMAT = "nova.value.format";

  private static final Pattern DURATION = Pattern.compile("(\\d+)\\s*([a-z]*)");

  /**
   * Keeps a sorted copy.
   *
   * @throws CommandException when a name does not begin with {@code nova.}
   */
  public JobOptions {
    values = new TreeMap<>(values);
    for (String name : values.keySet()) {
      if (!name.startsWith("nova.")) {
        throw new CommandException(
            "Option '%s' for the job: expected a name that begins with 'nova.'.".formatted(name));
      }
    }
  }

  /** These options with one more, or with another value for one. */
  public JobOptions with(String name, String value) {
    TreeMap<String, String> more = new TreeMap<>(values);
    more.put(name, value);
    return new JobOptions(more);
  }

  /** These options, and the other options of an earlier run. An empty value removes an option. */
  public JobOptions over(Map<String, String> earlier) {
    TreeMap<String, String> all = new TreeMap<>(earlier);
    all.putAll(values);
    all.values().removeIf(String::isEmpty);
    return new JobOptions(all);
  }

  /**
   * Checks that the judge knows the job's rules: JSON, one dedup window and one kind of identity.
   *
   * @throws CommandException when the job has a policy file or reads another format
   */
  public void mustBeJudgeable() {
    mustReadJson(
        "The judge reads JSON only. Leave this option out, or do without the judge. Nothing was"
            + " started.");
    if (values.containsKey(POLICY_FILE)) {
      throw new CommandException(
          "nova.policy.file: the judge knows one dedup window, the mapping's identity and keep-first"
              + " only, so its verdict would be wrong. Leave this option out, or do without the"
              + " judge. Nothing was started.");
    }
  }

  /**
   * Checks that the job's tables lie in their folders, as the queries and the figures of a local
   * cluster expect.
   *
   * @throws CommandException when the job has another catalog
   */
  public void mustUseFolders() {
    for (String name : values.keySet()) {
      if (name.startsWith(CATALOG)) {
        throw new CommandException(
            "%s: a local cluster keeps its tables in folders, by the Hadoop catalog. Use another catalog on a cluster of your own (docs/operations/catalogs.md). Nothing was started."
                .formatted(name));
      }
    }
  }

  /**
   * Checks that the job reads JSON.
   *
   * @param otherwise why that is needed, and what happens next
   * @throws CommandException when the job reads another format
   */
  public void mustReadJson(String otherwise) {
    String format = values.getOrDefault(VALUE_FORMAT, "json");
    if (!format.equals("json")) {
      throw new CommandException(
          "%s: found %s, expected json. %s".formatted(VALUE_FORMAT, format, otherwise));
    }
  }

  /** The options as words of the job's command line. */
  public List<String> words() {
    ArrayList<String> words = new ArrayList<>();
    values.forEach((name, value) -> words.addAll(List.of("--" + name, value)));
    return words;
  }

  /**
   * The job's mapping, as the judge reads it.
   *
   * @throws CommandException when there is no such mapping
   */
  public RecordMapping mapping() {
    try {
      return RecordMapping.of(values.getOrDefault(MAPPING, "amplitude"));
    } catch (IllegalArgumentException e) {
      throw new CommandException(e.getMessage() + " Nothing was done.", e);
    }
  }

  /** The job's dedup window. */
  public Duration dedupWindow() {
    return duration("nova.dedup.window", Duration.ofMinutes(10));
  }

  /** How far below its partition's progress an event may lie. */
  public Duration latenessLimit() {
    return duration("nova.event.lateness-limit", Duration.ofDays(1));
  }

  /** The job's block interval. */
  public Duration blockInterval() {
    return duration("nova.block.interval", Duration.ofMinutes(5));
  }

  /** The job's batch length. */
  public Duration batchLength() {
    return duration("nova.batch.length", Duration.ofDays(1));
  }

  /** A duration in Flink's notation ({@code 10 min}), or its default. */
  private Duration duration(String name, Duration standard) {
    String text = values.get(name);
    return text == null ? standard : parse(name, text);
  }

  private static Duration parse(String name, String text) {
    Matcher parts = DURATION.matcher(text.strip());
    if (!parts.matches()) {
      throw notADuration(name, text);
    }
    long amount = Long.parseLong(parts.group(1));
    return switch (parts.group(2)) {
      case "d", "day", "days" -> Duration.ofDays(amount);
      case "h", "hour", "hours" -> Duration.ofHours(amount);
      case "m", "min", "minute", "minutes" -> Duration.ofMinutes(amount);
      case "s", "sec", "second", "seconds" -> Duration.ofSeconds(amount);
      case "ms", "milli", "millis", "" -> Duration.ofMillis(amount);
      default -> throw notADuration(name, text);
    };
  }

  private static CommandException notADuration(String name, String text) {
    return new CommandException(
        "%s = '%s': expected a duration such as '10 min'.".formatted(name, text));
  }
}
