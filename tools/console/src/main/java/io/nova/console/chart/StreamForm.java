package io.nova.console.chart;

import io.nova.console.chart.ChartSql.Series;
import io.nova.console.chart.ChartSql.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The events of one user, newest first.
 *
 * @param scope table and range
 * @param user the id
 * @param kind which id it is; empty if any of them may be
 * @param most greatest number of events
 */
record StreamForm(ChartScope scope, String user, Optional<UserKey> kind, int most)
    implements ChartForm {
  private static final int PRESET = 200;
  private static final int GREATEST = 10_000;

  static StreamForm read(FormReader form) {
    return new StreamForm(
        ChartScope.read(form),
        form.text("user"),
        UserKey.read(form, "userKind"),
        form.number("limit", PRESET, 1, GREATEST));
  }

  @Override
  public ChartSql chart() {
    return new ChartSql(
        "Events of one user, newest first",
        sql(),
        new Series(Shape.TABLE, Optional.empty(), Optional.empty(), Optional.empty()));
  }

  private String sql() {
    List<String> conditions = new ArrayList<>();
    conditions.add("\"user\" = " + SqlText.literal(user));
    kind.ifPresent(each -> conditions.add(each.condition()));
    conditions.addAll(scope.conditions());
    return """
        SELECT
          event_time, event_type, session_id, platform, country, event_properties, upload_time,
          kafka_topic, kafka_partition, kafka_offset, kafka_index,
          CASE
            WHEN amplitude_id IS NOT NULL THEN 'amplitude_id'
            WHEN user_id <> '' THEN 'user_id'
            ELSE 'device_id'
          END AS user_kind
        FROM %s%s
        ORDER BY event_time DESC, upload_time DESC, kafka_partition DESC, kafka_offset DESC, kafka_index DESC
        LIMIT %d"""
        .formatted(scope.table(), SqlText.where(conditions, ""), most);
  }
}
