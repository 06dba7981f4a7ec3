package io.nova.console.chart;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.nova.console.server.Reply;
import io.nova.console.server.Request;
import io.nova.console.server.Route;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Turns the form of a chart into SQL: {@code POST /api/chart}. It reads no data. Thread-safe.
 *
 * <p>The reply has {@code title}, {@code sql} and {@code series}. A form that does not fit is
 * answered with 400.
 */
public final class ChartRoute implements Route {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  @Override
  public Reply handle(Request request) throws IOException {
    if (!request.method().equals("POST")) {
      return Reply.error(405, "Found %s, expected POST.".formatted(request.method()));
    }
    try {
      return Reply.json(object(ChartForm.of(JSON.readTree(request.body())).chart()));
    } catch (JsonProcessingException e) {
      return Reply.error(400, "The form is no JSON: " + e.getOriginalMessage());
    } catch (FormException e) {
      return Reply.error(400, "%s No SQL was written.".formatted(e.getMessage()));
    }
  }

  private static Map<String, Object> object(ChartSql chart) {
    LinkedHashMap<String, Object> object = new LinkedHashMap<>();
    object.put("title", chart.title());
    object.put("sql", chart.sql());
    object.put("series", object(chart.series()));
    return object;
  }

  private static Map<String, Object> object(ChartSql.Series series) {
    LinkedHashMap<String, Object> object = new LinkedHashMap<>();
    object.put("shape", series.shape().word());
    series.x().ifPresent(column -> object.put("x", column));
    series.y().ifPresent(column -> object.put("y", column));
    series.group().ifPresent(column -> object.put("group", column));
    return object;
  }
}
