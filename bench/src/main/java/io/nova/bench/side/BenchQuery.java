package io.nova.bench.side;

import java.util.List;

/**
 * A query that every side answers.
 *
 * @param name its name
 * @param sql its text in Flink SQL, with {@code %s} in place of the table
 * @param duckSql its text in DuckDB's dialect
 */
public record BenchQuery(String name, String sql, String duckSql) {
  private static final String BY_FIVE_MINUTES =
      "SELECT minutes, COUNT(*) FROM (SELECT %s AS minutes FROM %%s) AS t GROUP BY minutes";

  /** The minute of the day at which its five minutes begin. */
  private static final String FIVE_MINUTES =
      "(EXTRACT(HOUR FROM server_upload_time) * 60 + EXTRACT(MINUTE FROM server_upload_time)"
          + " - MOD(EXTRACT(MINUTE FROM server_upload_time), 5))";

  /**
   * The same. DuckDB's EXTRACT asks a calendar for each time with a zone, and takes 30 times as
   * long.
   */
  private static final String FIVE_MINUTES_OF_DUCK =
      "(epoch_us(server_upload_time) // 300000000 %% 288 * 5)";

  /** Devices that search, and of these the ones that add a product within 30 minutes. */
  private static final BenchQuery FUNNEL =
      new BenchQuery(
          "funnel",
          """
          SELECT COUNT(*), COUNT(added) FROM (
            SELECT searches.device_id, MIN(adds.event_time) AS added
            FROM (
              SELECT device_id, MIN(event_time) AS searched FROM %1$s
              WHERE event_type = 'Search Performed' GROUP BY device_id
            ) AS searches
            LEFT JOIN (
              SELECT device_id, event_time FROM %1$s WHERE event_type = 'Product Added'
            ) AS adds
            ON adds.device_id = searches.device_id AND adds.event_time >= searches.searched
              AND adds.event_time <= searches.searched + INTERVAL '30' MINUTE
            GROUP BY searches.device_id
          ) AS users""");

  /** A query with the same text in both dialects. */
  private BenchQuery(String name, String sql) {
    this(name, sql, sql);
  }

  /**
   * All queries.
   *
   * @param user the user of the last one
   */
  public static List<BenchQuery> all(String user) {
    return List.of(
        new BenchQuery("count", "SELECT COUNT(*) FROM %s"),
        new BenchQuery("count by type", "SELECT event_type, COUNT(*) FROM %s GROUP BY event_type"),
        new BenchQuery(
            "distinct users by type",
            "SELECT event_type, COUNT(DISTINCT device_id) FROM %s GROUP BY event_type"),
        new BenchQuery(
            "filtered count",
            "SELECT COUNT(*) FROM %s WHERE country = 'Japan' AND platform = 'iOS'"),
        new BenchQuery(
            "sum, min, max",
            "SELECT SUM(event_id), MIN(event_id), MAX(event_id), MAX(session_id) FROM %s"),
        new BenchQuery(
            "count by five minutes",
            BY_FIVE_MINUTES.formatted(FIVE_MINUTES),
            BY_FIVE_MINUTES.formatted(FIVE_MINUTES_OF_DUCK)),
        new BenchQuery(
            "one user",
            "SELECT event_id, event_type FROM %%s WHERE user_id = '%s'".formatted(user)));
  }

  /**
   * The six queries of a dashboard.
   *
   * @param user the user of the last one
   */
  public static List<BenchQuery> dashboard(String user) {
    List<BenchQuery> all = all(user);
    return List.of(all.get(1), all.get(5), all.get(3), all.get(2), FUNNEL, all.get(6));
  }

  /** The query of one table in Flink SQL. */
  public String of(String table) {
    return sql.formatted(table);
  }

  /** The query of one table in DuckDB's dialect. */
  public String ofDuck(String table) {
    return duckSql.formatted(table);
  }
}
