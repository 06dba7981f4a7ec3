package io.nova.console.chart;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/** Forms as JSON text. */
final class ChartForms {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ChartForms() {}

  static ChartSql chart(String form) {
    try {
      return ChartForm.of(JSON.readTree(form)).chart();
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(form, e);
    }
  }

  static String sql(String form) {
    return chart(form).sql();
  }

  /** A text as JSON. */
  static String json(String text) {
    try {
      return JSON.writeValueAsString(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
