package io.nova.console.chart;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * A form that users fill in, checked. It writes SQL over {@code events} or {@code lambda_events}.
 * Immutable.
 *
 * <p>The time axis is event time. A user is named by {@code amplitude_id}, else {@code user_id},
 * else {@code device_id}. A missing value is {@code (none)}.
 */
public sealed interface ChartForm permits SegmentationForm, FunnelForm, RetentionForm, StreamForm {
  /** The values of the key {@code kind}. */
  List<String> KINDS = List.of("segmentation", "funnel", "retention", "stream");

  /** The statement and how its columns are drawn. */
  ChartSql chart();

  /**
   * Reads a form.
   *
   * @throws FormException if a value does not fit, or a key is unknown
   */
  static ChartForm of(JsonNode form) {
    return FormReader.read(
        form,
        "",
        reader ->
            switch (reader.choice("kind", KINDS, kind -> kind)) {
              case "segmentation" -> SegmentationForm.read(reader);
              case "funnel" -> FunnelForm.read(reader);
              case "retention" -> RetentionForm.read(reader);
              default -> StreamForm.read(reader);
            });
  }
}
