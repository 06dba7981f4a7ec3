package io.nova.console.chart;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * A form that users fill in, checked. It writes SQL over {@code events} or {@code lambda_events}.
 * Immutable.
 *
 * <p>The time axis is event time. A user is named by {@code amplitude_id}, else {@code user_id},
 * else {@code device_id}. A missing value is {@code (none)}.
 */
public sealed interface ChartForm permits SegmentationForm, FunnelForm, RetentionForm, StreamForm {
  /** The statement and how its columns are drawn. */
  ChartSql chart();

  /** The kinds of forms, by the key {@code kind}. */
  enum Kind {
    SEGMENTATION("segmentation", SegmentationForm::read),
    FUNNEL("funnel", FunnelForm::read),
    RETENTION("retention", RetentionForm::read),
    STREAM("stream", StreamForm::read);

    private final String word;
    private final Function<FormReader, ChartForm> reader;

    Kind(String word, Function<FormReader, ChartForm> reader) {
      this.word = word;
      this.reader = reader;
    }
  }

  /**
   * Reads a form.
   *
   * @throws FormException if a value does not fit, or a key is unknown
   */
  static ChartForm of(JsonNode form) {
    return FormReader.read(
        form,
        "",
        reader -> {
          List<Kind> kinds = Arrays.asList(Kind.values());
          return reader.choice("kind", kinds, kind -> kind.word).reader.apply(reader);
        });
  }
}
