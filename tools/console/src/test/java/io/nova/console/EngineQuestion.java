package io.nova.console;

/** A question in the dialects of both engines, with the same answer. */
enum EngineQuestion {
  /** One text a row. */
  ROWS("SELECT insert_id FROM events", "SELECT insert_id FROM events"),
  BY_TYPE(
      "SELECT event_type, count(*) FROM events GROUP BY ALL",
      "SELECT event_type, COUNT(*) FROM events GROUP BY event_type"),
  BY_FIVE_MINUTES(
      "SELECT strftime(time_bucket(INTERVAL 5 MINUTE, event_time), '%Y-%m-%d %H:%M'), count(*)"
          + " FROM events GROUP BY ALL",
      "SELECT CONCAT(SUBSTRING(t, 1, 14), LPAD(CAST(CAST(SUBSTRING(t, 15, 2) AS INT) / 5 * 5"
          + " AS STRING), 2, '0')), COUNT(*)"
          + " FROM (SELECT CAST(FLOOR(event_time TO MINUTE) AS STRING) AS t FROM events)"
          + " GROUP BY CONCAT(SUBSTRING(t, 1, 14), LPAD(CAST(CAST(SUBSTRING(t, 15, 2) AS INT) / 5"
          + " * 5 AS STRING), 2, '0'))"),
  FILTERED(
      "SELECT count(*) FROM events WHERE event_type = 'buy'"
          + " AND (event_properties->>'$.price') = '5'",
      "SELECT COUNT(*) FROM events"
          + " WHERE event_type = 'buy' AND JSON_VALUE(event_properties, '$.price') = '5'"),
  USERS_BY_TYPE(
      "SELECT event_type, count(DISTINCT \"user\") FROM events GROUP BY ALL",
      "SELECT event_type, COUNT(DISTINCT `user`) FROM events GROUP BY event_type"),
  FUNNEL(funnel("\"user\""), funnel("`user`")),
  STREAM(
      "SELECT strftime(upload_time, '%Y-%m-%d %H:%M:%S.%f'), insert_id, event_type FROM events"
          + " WHERE \"user\" = 'u5' ORDER BY 1",
      "SELECT CAST(upload_time AS STRING), insert_id, event_type FROM events"
          + " WHERE `user` = 'u5' ORDER BY 1");

  private static final String EVENTS = "FROM events";

  private final String duck;
  private final String flink;

  EngineQuestion(String duck, String flink) {
    this.duck = duck;
    this.flink = flink;
  }

  private static String funnel(String user) {
    String step = "(SELECT %s AS u, event_time AS t FROM events WHERE event_type = '%s')";
    return ("SELECT COUNT(DISTINCT a.u), COUNT(DISTINCT b.u) FROM %s a LEFT JOIN %s b"
            + " ON a.u = b.u AND b.t > a.t AND b.t <= a.t + INTERVAL '30' MINUTE")
        .formatted(step.formatted(user, "view"), step.formatted(user, "buy"));
  }

  /** In DuckDB's dialect. */
  String duck() {
    return duck;
  }

  /** In Flink's dialect, over a pinned cut. */
  String flink(String cut) {
    return flink.replace(EVENTS, EVENTS + " /*+ OPTIONS('live.cut' = '%s') */".formatted(cut));
  }
}
