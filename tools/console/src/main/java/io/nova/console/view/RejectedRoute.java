package io.nova.console.view;

import io.nova.console.ask.AskEngine;
import io.nova.console.server.Reply;
import io.nova.console.server.Request;
import io.nova.console.server.Route;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts and samples of rejected messages: {@code GET /api/rejected}. Thread-safe.
 *
 * <p>App, library and platform come from the message itself. A message that is no JSON object has
 * none of them.
 */
public final class RejectedRoute implements Route {
  private static final int SAMPLES = 30;
  private static final int LONGEST_SAMPLE = 4_000;

  private final AskEngine engine;
  private final boolean changes;

  /**
   * Reads the rejected messages by the fast path.
   *
   * @param changes whether the console may replay them
   */
  public RejectedRoute(AskEngine engine, boolean changes) {
    this.engine = engine;
    this.changes = changes;
  }

  @Override
  public Reply handle(Request request) {
    return AskedTables.reply(engine, statements(), Map.of("changes", changes));
  }

  private static Map<String, String> statements() {
    Map<String, String> statements = new LinkedHashMap<>();
    statements.put(
        "reasons",
        "SELECT reason, count(*) AS messages, min(rejected_at) AS first, max(rejected_at) AS last"
            + " FROM rejected GROUP BY reason ORDER BY messages DESC, reason");
    statements.put(
        "partitions",
        "SELECT kafka_topic, kafka_partition, reason, count(*) AS messages FROM rejected"
            + " GROUP BY ALL ORDER BY ALL");
    statements.put("apps", byKey("app"));
    statements.put("libraries", byKey("library"));
    statements.put("platforms", byKey("platform"));
    statements.put(
        "samples",
        """
        SELECT reason, detail, kafka_topic, kafka_partition, kafka_offset, kafka_index, rejected_at,
          left(original_text, %d) AS original, length(original_text) AS letters
        FROM (
          SELECT *, row_number() OVER (
            PARTITION BY reason ORDER BY rejected_at DESC, kafka_partition, kafka_offset DESC, kafka_index DESC
          ) AS number
          FROM rejected
        )
        WHERE number <= 5
        ORDER BY reason, number
        LIMIT %d"""
            .formatted(LONGEST_SAMPLE, SAMPLES * 3));
    return statements;
  }

  /** The key is read in a query of its own: DuckDB 1.5 fails where TRY is in a grouped one. */
  private static String byKey(String key) {
    return """
        SELECT %1$s, reason, count(*) AS messages
        FROM (
          SELECT coalesce(TRY(original_text ->> '/%1$s'), '(none)') AS %1$s, reason
          FROM rejected
        )
        GROUP BY %1$s, reason
        ORDER BY messages DESC, %1$s, reason
        LIMIT 50"""
        .formatted(key);
  }
}
