package io.nova.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The alert rules for Prometheus. */
final class AlertRules {
  static final Path FILE = Path.of("..", "deploy", "prometheus", "nova-rules.yaml");

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private AlertRules() {}

  /** One rule. */
  record Rule(String alert, String expression, String summary, String runbook) {
    /** The name of its heading in the runbook, as links write it. */
    String anchor() {
      return runbook.substring(runbook.indexOf('#') + 1);
    }
  }

  static List<Rule> all() throws IOException {
    return yaml(FILE).at("/groups/0/rules").valueStream().map(AlertRules::of).toList();
  }

  static JsonNode yaml(Path file) throws IOException {
    return YAML.readTree(file.toFile());
  }

  private static Rule of(JsonNode rule) {
    return new Rule(
        rule.path("alert").asText(),
        rule.path("expr").asText(),
        rule.at("/annotations/summary").asText(),
        rule.at("/annotations/runbook").asText());
  }
}
