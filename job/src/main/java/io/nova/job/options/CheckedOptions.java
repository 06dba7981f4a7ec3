package io.nova.job.options;

import io.nova.iceberg.CatalogAddress;
import io.nova.kafka.ClientConfigFile;
import io.nova.kafka.PolicyRules;
import io.nova.kafka.WatchedPolicies;
import io.nova.kafka.source.AcceptedGaps;
import io.nova.kafka.value.ValueSettings;
import io.nova.policy.Policy;
import io.nova.shard.BlockRules;
import io.nova.shard.ConflictRule;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;

/**
 * The values of {@link NovaOptions}: parsed once, and checked before the job starts. Whatever is
 * read from a file (policies, token) is read once too.
 *
 * <p>Immutable; any thread may read it.
 */
public final class CheckedOptions {
  private static final Duration LEAST_STATE_TTL = Duration.ofDays(7);

  private final Configuration values;
  private final Map<String, String> kafkaProperties;
  private final CatalogAddress catalog;
  private final LiveSettings live;
  private final AdmittedSettings admitted;
  private final Set<Integer> retired;
  private final PolicyRules policies;
  private final AcceptedGaps acceptedGaps;
  private final long progressNotAfterMicros;
  private final ValueSettings valueSettings;

  private CheckedOptions(Configuration values, Map<String, String> given) {
    this.values = values;
    this.kafkaProperties = kafkaProperties(values, given);
    this.catalog =
        CatalogAddress.of(
            NovaOptions.CATALOG_PREFIX,
            values.get(NovaOptions.WAREHOUSE),
            withoutPrefix(NovaOptions.CATALOG_PREFIX, given));
    this.live = LiveSettings.of(values);
    this.admitted = AdmittedSettings.of(values);
    this.retired = retired(values.get(NovaOptions.RETIRED).strip());
    this.policies = policies(values);
    this.progressNotAfterMicros = notAfter(values.get(NovaOptions.PROGRESS_NOT_AFTER).strip());
    this.valueSettings = ValueOptions.of(values);
    this.acceptedGaps = acceptedGaps(values.get(NovaOptions.ACCEPT_GAP));
  }

  /**
   * Parses and checks options by name. Names without the prefix {@code nova.} are ignored.
   *
   * @throws IllegalArgumentException which names the option, what was found and what was expected
   */
  public static CheckedOptions of(Map<String, String> given) {
    OptionChecks.mustBeKnown(given.keySet());
    Configuration values = OptionChecks.parsed(given);
    OptionChecks.mustBeWithinBounds(values);
    return new CheckedOptions(values, given);
  }

  private static Map<String, String> kafkaProperties(
      Configuration values, Map<String, String> given) {
    Map<String, String> properties = new TreeMap<>(ofFile(values.get(NovaOptions.CLIENT_CONFIG)));
    properties.putAll(withoutPrefix(NovaOptions.KAFKA_PREFIX, given));
    return properties;
  }

  private static Map<String, String> withoutPrefix(String prefix, Map<String, String> given) {
    Map<String, String> properties = new TreeMap<>();
    given.forEach(
        (name, value) -> {
          if (name.startsWith(prefix)) {
            properties.put(name.substring(prefix.length()), value);
          }
        });
    return properties;
  }

  private static Map<String, String> ofFile(String file) {
    try {
      return file.isBlank() ? Map.of() : ClientConfigFile.read(Path.of(file));
    } catch (IOException e) {
      throw OptionChecks.wrong(
          NovaOptions.CLIENT_CONFIG, "%s (%s)".formatted(file, e), "a file that can be read");
    }
  }

  private static Set<Integer> retired(String text) {
    try {
      return text.isEmpty()
          ? Set.of()
          : Arrays.stream(text.split("\\s*,\\s*"))
              .map(Integer::valueOf)
              .collect(Collectors.toUnmodifiableSet());
    } catch (NumberFormatException e) {
      throw OptionChecks.wrong(NovaOptions.RETIRED, text, "partition numbers such as 3,7");
    }
  }

  private static long notAfter(String text) {
    try {
      return text.isEmpty()
          ? Long.MAX_VALUE
          : ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(text));
    } catch (DateTimeException e) {
      throw OptionChecks.wrong(
          NovaOptions.PROGRESS_NOT_AFTER, text, "an instant such as 2026-11-21T10:00:00Z");
    }
  }

  private static AcceptedGaps acceptedGaps(String text) {
    try {
      return AcceptedGaps.parse(text);
    } catch (IllegalArgumentException e) {
      throw OptionChecks.wrong(
          NovaOptions.ACCEPT_GAP, text, "ranges such as 3:100-111,5:7-9 with FROM < TO");
    }
  }

  /** Reads the policy file, and so checks it, to find the largest window. */
  private static PolicyRules policies(Configuration values) {
    Duration latenessLimit = values.get(NovaOptions.LATENESS_LIMIT);
    PolicyRules upToLimit =
        new PolicyRules(
            policyFile(values.get(NovaOptions.POLICY_FILE)),
            new Policy(List.of(), values.get(NovaOptions.DEDUP_WINDOW), ConflictRule.KEEP_FIRST),
            latenessLimit,
            values.get(NovaOptions.POLICY_CHECK_INTERVAL));
    Duration now = new WatchedPolicies(upToLimit).largestWindow();
    Duration largest = values.getOptional(NovaOptions.LARGEST_WINDOW).orElse(now);
    if (largest.compareTo(now) < 0 || largest.compareTo(latenessLimit) > 0) {
      throw OptionChecks.wrong(
          NovaOptions.LARGEST_WINDOW,
          largest,
          "%s (the largest window of %s and of the policy file) to %s (%s)"
              .formatted(
                  OptionTable.text(now),
                  NovaOptions.DEDUP_WINDOW.key(),
                  OptionTable.text(latenessLimit),
                  NovaOptions.LATENESS_LIMIT.key()));
    }
    return new PolicyRules(upToLimit.file(), upToLimit.base(), largest, upToLimit.checkInterval());
  }

  /** As a URI. A path without a scheme is a path of the machine that submits the job. */
  private static String policyFile(String file) {
    return file.isBlank() || new org.apache.hadoop.fs.Path(file).toUri().getScheme() != null
        ? file.strip()
        : Path.of(file).toAbsolutePath().toUri().toString();
  }

  /** The value of an option that is required or has a default. */
  public <T> T get(ConfigOption<T> option) {
    return values.get(option);
  }

  /** The rules of admission for a table with this block interval. */
  public BlockRules blockRules(Duration interval) {
    return new BlockRules(
        interval,
        get(NovaOptions.DEDUP_WINDOW),
        policies.largestWindow(),
        get(NovaOptions.LATENESS_LIMIT),
        get(NovaOptions.BLOCK_LINGER));
  }

  /** The time on the machines' clocks for which fingerprints stay in state at least. */
  public Duration stateTtl() {
    Duration needed = get(NovaOptions.LATENESS_LIMIT).plus(policies.largestWindow()).plusDays(3);
    return values
        .getOptional(NovaOptions.STATE_TTL)
        .orElse(needed.compareTo(LEAST_STATE_TTL) > 0 ? needed : LEAST_STATE_TTL);
  }

  /** Where the policies come from, with the largest window that they may set. */
  public PolicyRules policies() {
    return policies;
  }

  /** The partitions that will never receive an event again. */
  public Set<Integer> retiredPartitions() {
    return retired;
  }

  /** The offsets that the job may go on without. */
  public AcceptedGaps acceptedGaps() {
    return acceptedGaps;
  }

  /**
   * The greatest progress that is possible, microseconds since 1970; {@link Long#MAX_VALUE} for
   * any.
   */
  long progressNotAfterMicros() {
    return progressNotAfterMicros;
  }

  /** The format of the messages' values. */
  public ValueSettings valueSettings() {
    return valueSettings;
  }

  /** Settings for Kafka's clients, by Kafka's names. */
  public Map<String, String> kafkaProperties() {
    return kafkaProperties;
  }

  /** Whether and how admitted events go to a topic of their own. */
  AdmittedSettings admitted() {
    return admitted;
  }

  /** The warehouse and its catalog. */
  public CatalogAddress catalog() {
    return catalog;
  }

  /** How live views are served. */
  LiveSettings live() {
    return live;
  }
}
