package io.nova.job.options;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.kafka.common.Uuid;

/**
 * Parses options and checks names and bounds. Each message names the option, what was found and
 * what was expected.
 */
final class OptionChecks {
  private static final String CONSEQUENCE = "The job is not started.";

  private OptionChecks() {}

  /** The error of a value that an option cannot have. */
  static IllegalArgumentException wrong(ConfigOption<?> option, Object found, String expected) {
    return new IllegalArgumentException(
        "Option %s: found %s, expected %s. %s"
            .formatted(option.key(), OptionTable.text(found), expected, CONSEQUENCE));
  }

  static void mustBeKnown(Set<String> given) {
    Set<String> known = NovaOptions.ALL.stream().map(ConfigOption::key).collect(Collectors.toSet());
    for (String name : given) {
      if (name.startsWith(NovaOptions.PREFIX)
          && !name.startsWith(NovaOptions.KAFKA_PREFIX)
          && !name.startsWith(NovaOptions.CATALOG_PREFIX)
          && !known.contains(name)) {
        throw new IllegalArgumentException(
            "Unknown option %s. Expected one of %s. %s"
                .formatted(name, new TreeSet<>(known), CONSEQUENCE));
      }
    }
  }

  /** The given options as values of their types. */
  static Configuration parsed(Map<String, String> given) {
    Configuration texts = Configuration.fromMap(given);
    Configuration values = new Configuration();
    NovaOptions.ALL.forEach(option -> parse(option, texts, values));
    return values;
  }

  private static <T> void parse(ConfigOption<T> option, Configuration texts, Configuration values) {
    try {
      texts.getOptional(option).ifPresent(value -> values.set(option, value));
    } catch (IllegalArgumentException e) {
      throw wrong(option, '"' + texts.getString(option.key(), "") + '"', form(option));
    }
  }

  /** Any text is a string. An option without default that is no string is a duration. */
  private static String form(ConfigOption<?> option) {
    if (option.defaultValue() instanceof Integer) {
      return "a whole number";
    }
    if (option.defaultValue() instanceof Boolean) {
      return "true or false";
    }
    return option.defaultValue() instanceof MemorySize
        ? "a size such as 256 mb"
        : "a duration such as 10 min";
  }

  static void mustBeWithinBounds(ReadableConfig values) {
    mustBeGiven(values, NovaOptions.BOOTSTRAP_SERVERS);
    mustBeGiven(values, NovaOptions.WAREHOUSE);
    mustBeWithin(values, NovaOptions.SHARDS, 1, 32768);
    mustBeAtLeast(values, NovaOptions.BLOCK_INTERVAL, Duration.ofSeconds(1));
    mustBeAtLeast(values, NovaOptions.BLOCK_LINGER, Duration.ZERO);
    mustBeWithin(values, NovaOptions.LATENESS_LIMIT, Duration.ZERO, Duration.ofDays(7));
    mustBeWithinTheLatenessLimit(values);
    mustBeAtLeast(values, NovaOptions.CACHE_SIZE, MemorySize.ofMebiBytes(1));
    mustHoldTheCache(values);
    mustBeAtLeast(values, NovaOptions.POLICY_CHECK_INTERVAL, Duration.ofMillis(100));
    mustBeWithin(
        values, NovaOptions.CHUNK_TARGET_SIZE, MemorySize.parse("1 kb"), MemorySize.parse("4 gb"));
    mustBeWithin(
        values,
        NovaOptions.CHUNK_SORT_SIZE,
        MemorySize.ofMebiBytes(1),
        MemorySize.ofMebiBytes(512));
    mustBeAtLeast(values, NovaOptions.CHECKPOINT_INTERVAL, Duration.ofMillis(100));
    mustBeAtLeast(values, NovaOptions.CLOSE_DELAY, Duration.ZERO);
    mustBeAtLeast(values, NovaOptions.GRACE, Duration.ZERO);
    // An orphan is younger than a day, so a file must be in the table by then.
    mustBeWithin(values, NovaOptions.COMMIT_INTERVAL, Duration.ZERO, Duration.ofHours(1));
    mustOutlastCheckpoints(values);
    mustBeAtLeast(values, NovaOptions.FILES_MIN_AGE, Duration.ofSeconds(1));
    mustBeAtLeast(values, NovaOptions.LIFECYCLE_INTERVAL, Duration.ofSeconds(1));
    mustBeAnotherTopic(
        values,
        NovaOptions.BATCHES_TOPIC,
        NovaOptions.TOPIC,
        NovaOptions.REJECTED_TOPIC,
        NovaOptions.DUPLICATES_TOPIC);
    mustBeAnotherTopic(
        values,
        NovaOptions.ADMITTED_TOPIC,
        NovaOptions.TOPIC,
        NovaOptions.REJECTED_TOPIC,
        NovaOptions.DUPLICATES_TOPIC,
        NovaOptions.BATCHES_TOPIC);
    mustBeAnId(values);
    mustBeAtLeast(values, NovaOptions.LIVE_PUBLISH_INTERVAL, Duration.ofMillis(10));
    mustBeWithin(values, NovaOptions.LIVE_MAX_CONNECTIONS, 1, 10_000);
  }

  private static void mustBeGiven(ReadableConfig values, ConfigOption<String> option) {
    if (values.getOptional(option).orElse("").isBlank()) {
      throw new IllegalArgumentException(
          "Option %s is missing. %s %s"
              .formatted(option.key(), OptionTable.description(option), CONSEQUENCE));
    }
  }

  private static <T extends Comparable<T>> void mustBeAtLeast(
      ReadableConfig values, ConfigOption<T> option, T least) {
    T value = values.get(option);
    if (value.compareTo(least) < 0) {
      throw wrong(option, value, "at least " + OptionTable.text(least));
    }
  }

  private static <T extends Comparable<T>> void mustBeWithin(
      ReadableConfig values, ConfigOption<T> option, T least, T greatest) {
    T value = values.get(option);
    if (value.compareTo(least) < 0 || value.compareTo(greatest) > 0) {
      throw wrong(
          option, value, "%s to %s".formatted(OptionTable.text(least), OptionTable.text(greatest)));
    }
  }

  private static void mustBeWithinTheLatenessLimit(ReadableConfig values) {
    Duration window = values.get(NovaOptions.DEDUP_WINDOW);
    Duration limit = values.get(NovaOptions.LATENESS_LIMIT);
    if (window.compareTo(limit) > 0) {
      throw wrong(
          NovaOptions.DEDUP_WINDOW,
          window,
          "at most %s (%s)".formatted(NovaOptions.LATENESS_LIMIT.key(), OptionTable.text(limit)));
    }
  }

  private static void mustHoldTheCache(ReadableConfig values) {
    MemorySize cache = values.get(NovaOptions.CACHE_SIZE);
    MemorySize budget = values.get(NovaOptions.MEMORY_BUDGET);
    if (budget.compareTo(cache.multiply(2)) < 0) {
      throw wrong(
          NovaOptions.MEMORY_BUDGET,
          budget,
          "at least twice %s (%s)".formatted(NovaOptions.CACHE_SIZE.key(), cache));
    }
  }

  private static void mustOutlastCheckpoints(ReadableConfig values) {
    Duration retention = values.get(NovaOptions.SAVEPOINT_RETENTION);
    Duration interval = values.get(NovaOptions.CHECKPOINT_INTERVAL);
    if (retention.compareTo(interval.multipliedBy(3)) < 0) {
      throw wrong(
          NovaOptions.SAVEPOINT_RETENTION,
          retention,
          "at least three times %s (%s)"
              .formatted(NovaOptions.CHECKPOINT_INTERVAL.key(), OptionTable.text(interval)));
    }
  }

  @SafeVarargs
  private static void mustBeAnotherTopic(
      ReadableConfig values, ConfigOption<String> option, ConfigOption<String>... others) {
    String topic = values.get(option).strip();
    for (ConfigOption<String> other : others) {
      if (topic.equals(values.get(other))) {
        throw wrong(option, topic, "another topic than " + other.key());
      }
    }
  }

  private static void mustBeAnId(ReadableConfig values) {
    String id = values.get(NovaOptions.ACCEPT_BATCHES_TOPIC).strip();
    try {
      Uuid.fromString(id.isEmpty() ? Uuid.ZERO_UUID.toString() : id);
    } catch (IllegalArgumentException e) {
      throw wrong(
          NovaOptions.ACCEPT_BATCHES_TOPIC,
          '"' + id + '"',
          "an id of 22 characters, as the job names it and kafka-topics.sh --describe shows it");
    }
  }
}
