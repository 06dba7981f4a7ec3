package io.nova.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Options that the user passes on to the job.
 *
 * @param values by name, such as {@code nova.dedup.window}
 */
public record JobOptions(Map<String, String> values) {
  private static final Pattern DURATION = Pattern.compile("(\\d+)\\s*([a-z]*)");

  public JobOptions {
    values = new TreeMap<>(values);
    for (String name : values.keySet()) {
      if (!name.startsWith("nova.")) {
        throw new CommandException(
            "Option '%s' for the job: expected a name that begins with 'nova.'.".formatted(name));
      }
    }
  }

  /** The same with one more, or another value for one. */
  JobOptions with(String name, String value) {
    TreeMap<String, String> more = new TreeMap<>(values);
    more.put(name, value);
    return new JobOptions(more);
  }

  /**
   * The same, and those of an earlier run that are not among them; an empty value takes one back.
   */
  JobOptions over(Map<String, String> earlier) {
    TreeMap<String, String> all = new TreeMap<>(earlier);
    all.putAll(values);
    all.values().removeIf(String::isEmpty);
    return new JobOptions(all);
  }

  /**
   * The judge goes by one window and one kind of identity.
   *
   * @throws CommandException where the job goes by a policy file, of which it knows nothing
   */
  void mustBeJudgeable() {
    if (values.containsKey("nova.policy.file")) {
      throw new CommandException(
          "nova.policy.file: the judge goes by one dedup window, the mapping's identity and keep-first, so"
              + " its verdict would be wrong. Leave this option out, or do without the judge. Nothing"
              + " was started.");
    }
  }

  /** As words of the job's command line. */
  List<String> words() {
    ArrayList<String> words = new ArrayList<>();
    values.forEach((name, value) -> words.addAll(List.of("--" + name, value)));
    return words;
  }

  /** A duration as Flink writes it ({@code 10 min}), or its default. */
  public Duration duration(String name, Duration standard) {
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
