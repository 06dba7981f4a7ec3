package io.nova.job.options;

import java.time.Duration;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.description.HtmlFormatter;
import org.apache.flink.util.TimeUtils;

/** The options as docs/reference/job-options.md shows them. */
final class OptionTable {
  private OptionTable() {}

  /** The table of all options, in Markdown. */
  static String markdown() {
    StringBuilder table = new StringBuilder("| option | default | meaning |\n|---|---|---|\n");
    for (ConfigOption<?> option : NovaOptions.ALL) {
      table
          .append("| `")
          .append(option.key())
          .append("` | ")
          .append(option.hasDefaultValue() ? text(option.defaultValue()) : "")
          .append(" | ")
          .append(description(option))
          .append(" |\n");
    }
    return table
        .append("| `")
        .append(NovaOptions.KAFKA_PREFIX)
        .append("*` |  | Any setting of Kafka's clients, such as `security.protocol`. |\n| `")
        .append(NovaOptions.CATALOG_PREFIX)
        .append("*` |  | Any property of the Iceberg catalog, such as uri or io-impl. |\n")
        .toString();
  }

  static String text(Object value) {
    return value instanceof Duration duration
        ? TimeUtils.formatWithHighestUnit(duration)
        : value.toString();
  }

  static String description(ConfigOption<?> option) {
    return new HtmlFormatter().format(option.description());
  }
}
