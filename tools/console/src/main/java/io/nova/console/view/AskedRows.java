package io.nova.console.view;

import io.nova.console.ask.Answer;
import io.nova.console.ask.AskEngine;
import io.nova.console.ask.AskException;
import io.nova.console.ask.Question;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows of a question that a view asks for itself, by the names of their columns. */
record AskedRows(List<Map<String, @Nullable Object>> rows, List<String> gaps) {
  private static final int MOST = 20_000;
  private static final Duration TIMEOUT = Duration.ofSeconds(6);

  /** Rows of a live cut. */
  static AskedRows of(AskEngine engine, String sql) throws AskException {
    return of(engine, sql, true);
  }

  /** Rows of a live cut, or of the newest snapshot. */
  static AskedRows of(AskEngine engine, String sql, boolean live) throws AskException {
    Answer answer = engine.ask(new Question("view-" + UUID.randomUUID(), sql, live, MOST, TIMEOUT));
    ArrayList<Map<String, @Nullable Object>> rows = new ArrayList<>();
    for (List<@Nullable Object> values : answer.rows()) {
      LinkedHashMap<String, @Nullable Object> row = new LinkedHashMap<>();
      for (int i = 0; i < values.size(); i++) {
        row.put(answer.columns().get(i).name(), values.get(i));
      }
      rows.add(row);
    }
    return new AskedRows(rows, answer.gaps());
  }

  /** A number of a row; 0 for null. */
  static long number(Map<String, @Nullable Object> row, String column) {
    return row.get(column) instanceof Number number ? number.longValue() : 0;
  }

  /** A number of a row; null for null. */
  static @Nullable Long numberOrNull(Map<String, @Nullable Object> row, String column) {
    return row.get(column) instanceof Number number ? (Long) number.longValue() : null;
  }
}
