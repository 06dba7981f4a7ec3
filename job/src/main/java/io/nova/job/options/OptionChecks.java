package io.nova.job.options;

import java.time.Duration;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;

/** Finds what is wrong with options before the job starts, and says what was expected. */
final class OptionChecks {
  private final NovaOptions options;
  private final Configuration values;

  OptionChecks(NovaOptions options, Configuration values) {
    this.options = options;
    this.values = values;
  }

  /** Every option must parse, be there where it is required, and lie within its bounds. */
  void check() {
    NovaOptions.ALL.forEach(this::mustParse);
    mustBeGiven(NovaOptions.BOOTSTRAP_SERVERS);
    mustBeGiven(NovaOptions.WAREHOUSE);
    mustBeWithin(NovaOptions.SHARDS, 1, 32768);
    mustBeWithin(NovaOptions.CHUNK_BLOCK_FILES, 1, 1000);
    mustBeWithin(NovaOptions.CHUNK_SORT_MB, 1, 512);
    mustBeWithin(NovaOptions.COLD_CACHE_MB, 1, 1 << 20);
    if (options.get(NovaOptions.MEMORY_BUDGET).getMebiBytes()
        < 2L * options.get(NovaOptions.COLD_CACHE_MB)) {
      throw new IllegalArgumentException(
          "%s: found %s, expected at least twice %s, %s"
              .formatted(
                  NovaOptions.MEMORY_BUDGET.key(),
                  options.get(NovaOptions.MEMORY_BUDGET).toHumanReadableString(),
                  NovaOptions.COLD_CACHE_MB.key(),
                  options.get(NovaOptions.COLD_CACHE_MB)));
    }
    mustBeAtLeast(NovaOptions.POLICY_CHECK_INTERVAL, Duration.ofMillis(100));
    mustBeAtLeast(NovaOptions.BLOCK_LINGER, Duration.ZERO);
    mustBeAtLeast(NovaOptions.CHECKPOINT_INTERVAL, Duration.ofMillis(100));
    mustBeAtLeast(NovaOptions.BLOCK_INTERVAL, Duration.ofSeconds(1));
    mustBeAtLeast(NovaOptions.LATENESS_LIMIT, options.get(NovaOptions.DEDUP_WINDOW));
    if (options.get(NovaOptions.LATENESS_LIMIT).compareTo(Duration.ofDays(7)) > 0) {
      throw new IllegalArgumentException(
          "%s: found %s, expected at most 7 days"
              .formatted(
                  NovaOptions.LATENESS_LIMIT.key(), options.get(NovaOptions.LATENESS_LIMIT)));
    }
    mustBeWithin(NovaOptions.LIVE_MAX_CONNECTIONS, 1, 10_000);
    mustBeAtLeast(NovaOptions.LIVE_PUBLISH_INTERVAL, Duration.ofMillis(10));
    LiveSettings.of(options);
    options.retiredPartitions();
    options.policies();
  }

  private void mustParse(ConfigOption<?> option) {
    try {
      Object parsed = values.get(option);
      if (parsed == null && option.hasDefaultValue()) {
        throw new IllegalArgumentException("found nothing");
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("%s: %s".formatted(option.key(), e.getMessage()), e);
    }
  }

  private void mustBeGiven(ConfigOption<String> option) {
    String value = values.get(option);
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException(
          "%s is missing. %s".formatted(option.key(), OptionTable.description(option)));
    }
  }

  private void mustBeWithin(ConfigOption<Integer> option, int least, int greatest) {
    int value = options.get(option);
    if (value < least || value > greatest) {
      throw new IllegalArgumentException(
          "%s: found %s, expected %s to %s".formatted(option.key(), value, least, greatest));
    }
  }

  private void mustBeAtLeast(ConfigOption<Duration> option, Duration least) {
    if (options.get(option).compareTo(least) < 0) {
      throw new IllegalArgumentException(
          "%s: found %s, expected at least %s".formatted(option.key(), options.get(option), least));
    }
  }
}
