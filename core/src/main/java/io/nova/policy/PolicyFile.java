package io.nova.policy;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import io.nova.event.EventTimes;
import io.nova.event.identity.IdentityFields;
import io.nova.shard.ConflictRule;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads a policy file (docs/reference/formats.md): JSON with a version and a list of entries.
 *
 * <p>Every error is an {@link IllegalArgumentException} that names the file, the entry, the field,
 * what was found and what was expected.
 */
public final class PolicyFile {
  private static final int VERSION = 1;
  private static final Set<String> KEYS = Set.of("app", "from", "identity", "window", "conflict");
  private static final Pattern LENGTH = Pattern.compile("(\\d{1,9})\\s*(s|min|h|d)");
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final String name;

  private PolicyFile(String name) {
    this.name = name;
  }

  /**
   * The policies of a file's text.
   *
   * @param name name of the file, for errors
   * @param base the policy where no entry applies
   */
  public static Policies read(String name, String text, Policy base) {
    try {
      return new PolicyFile(name).policies(JSON.readTree(text), base);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "Policy file %s: not JSON: %s".formatted(name, e.getOriginalMessage()), e);
    }
  }

  private Policies policies(JsonNode file, Policy base) {
    requireKeys(file, Set.of("version", "policies"), "the file");
    if (!file.path("version").equals(IntNode.valueOf(VERSION))) {
      throw fault("version", file.path("version"), Integer.toString(VERSION));
    }
    if (!file.path("policies").isArray()) {
      throw fault("policies", file.path("policies"), "a list");
    }
    List<PolicyEntry> entries = new ArrayList<>();
    for (JsonNode entry : file.path("policies")) {
      entries.add(entry("entry " + (entries.size() + 1), entry));
    }
    return Policies.of(base, entries);
  }

  private PolicyEntry entry(String which, JsonNode entry) {
    requireKeys(entry, KEYS, which);
    return new PolicyEntry(
        app(which + ", app", entry.path("app")),
        from(which + ", from", entry.path("from")),
        identity(which + ", identity", entry.path("identity")),
        window(which + ", window", entry.path("window")),
        conflict(which + ", conflict", entry.path("conflict")));
  }

  private void requireKeys(JsonNode object, Set<String> known, String which) {
    if (!object.isObject()) {
      throw fault(which, object, "an object");
    }
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      String key = field.getKey();
      if (!known.contains(key)) {
        throw new IllegalArgumentException(
            "Policy file %s: %s: found the key %s, expected %s"
                .formatted(name, which, key, new TreeSet<>(known)));
      }
    }
  }

  private Optional<Long> app(String which, JsonNode app) {
    if (app.isTextual() && app.textValue().equals("*")) {
      return Optional.empty();
    }
    if (app.isIntegralNumber() && app.canConvertToLong()) {
      return Optional.of(app.longValue());
    }
    throw fault(which, app, "an app's number, or \"*\" for all others");
  }

  private Instant from(String which, JsonNode from) {
    if (from.isMissingNode()) {
      return Instant.MIN;
    }
    return EventTimes.parse(from.asText())
        .map(time -> Instant.EPOCH.plus(time.micros(), ChronoUnit.MICROS))
        .orElseThrow(() -> fault(which, from, "an upload time like 2026-11-21T00:00:00Z"));
  }

  private Optional<List<String>> identity(String which, JsonNode identity) {
    if (identity.isMissingNode()) {
      return Optional.empty();
    }
    List<String> names = new ArrayList<>();
    identity.forEach(column -> names.add(column.asText()));
    if (!identity.isArray()) {
      throw fault(which, identity, "a list of columns, empty for what the mapping says");
    }
    try {
      return Optional.of(IdentityFields.checked(names));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Policy file %s: %s: %s".formatted(name, which, e.getMessage()), e);
    }
  }

  private Optional<Duration> window(String which, JsonNode window) {
    if (window.isMissingNode()) {
      return Optional.empty();
    }
    Matcher length = LENGTH.matcher(window.asText().strip());
    if (!length.matches()) {
      throw fault(which, window, "a length of time like \"10 min\", \"24 h\" or \"7 d\"");
    }
    long number = Long.parseLong(length.group(1));
    return Optional.of(
        switch (length.group(2)) {
          case "s" -> Duration.ofSeconds(number);
          case "min" -> Duration.ofMinutes(number);
          case "h" -> Duration.ofHours(number);
          default -> Duration.ofDays(number);
        });
  }

  private Optional<ConflictRule> conflict(String which, JsonNode conflict) {
    if (conflict.isMissingNode()) {
      return Optional.empty();
    }
    return Optional.of(
        Stream.of(ConflictRule.values())
            .filter(rule -> rule.word().equals(conflict.asText()))
            .findFirst()
            .orElseThrow(() -> fault(which, conflict, "keep-first, keep-both or reject")));
  }

  private IllegalArgumentException fault(String which, JsonNode found, String expected) {
    return new IllegalArgumentException(
        "Policy file %s: %s: found %s, expected %s"
            .formatted(name, which, found.isMissingNode() ? "nothing" : found, expected));
  }
}
