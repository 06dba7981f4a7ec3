package io.nova.console.view;

import io.nova.cli.process.CommandException;
import io.nova.console.ask.AskEngine;
import io.nova.console.server.Reply;
import io.nova.console.server.Request;
import io.nova.console.server.Route;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Counts and samples of dropped copies from the ledger: {@code GET /api/duplicates}. Thread-safe.
 *
 * <p>The ledger has no library and no platform. These come from the first copies of the newest
 * {@value #JOINED} dropped copies. A first copy is the row of {@code events} with the same identity
 * whose block is {@code gap_blocks} before that of the dropped copy.
 */
public final class DuplicatesRoute implements Route {
  private static final int JOINED = 10_000;
  private static final int SAMPLES = 30;

  private static final String KINDS =
      "count(*) AS copies,"
          + " count(*) FILTER (WHERE kind = 'natural') AS \"natural\","
          + " count(*) FILTER (WHERE kind = 'conflicting') AS conflicting,"
          + " count(*) FILTER (WHERE kind NOT IN ('natural', 'conflicting')) AS unknown";

  private final AskEngine engine;
  private final Supplier<Duration> blockInterval;

  /**
   * Reads the ledger by the fast path.
   *
   * @param blockInterval length of a block in upload time; may throw a {@link CommandException} if
   *     there is no table
   */
  public DuplicatesRoute(AskEngine engine, Supplier<Duration> blockInterval) {
    this.engine = engine;
    this.blockInterval = blockInterval;
  }

  @Override
  public Reply handle(Request request) {
    try {
      return AskedTables.reply(engine, statements(blockInterval.get()), Map.of());
    } catch (CommandException e) {
      return Reply.error(503, String.valueOf(e.getMessage()));
    }
  }

  private static Map<String, String> statements(Duration block) {
    Map<String, String> statements = new LinkedHashMap<>();
    statements.put("total", "SELECT %s FROM duplicates".formatted(KINDS));
    statements.put(
        "apps",
        "SELECT app, %s FROM duplicates GROUP BY app ORDER BY copies DESC, app LIMIT 50"
            .formatted(KINDS));
    statements.put(
        "partitions",
        "SELECT kafka_topic, kafka_partition, %s FROM duplicates GROUP BY ALL ORDER BY 1, 2"
            .formatted(KINDS));
    statements.put("gaps", gaps(block));
    statements.put("libraries", firstCopies(block, "library"));
    statements.put("platforms", firstCopies(block, "platform"));
    statements.put("samples", samples(block));
    return statements;
  }

  /**
   * Gaps in buckets that double: 0 blocks, 1, 2 to 3, 4 to 7 and so on. The bounds are seconds of
   * upload time.
   */
  private static String gaps(Duration block) {
    return """
        SELECT
          if(bucket = 0, 0, (2 ** (bucket - 1))::BIGINT) * %1$d AS from_seconds,
          if(bucket = 0, 1, (2 ** bucket)::BIGINT) * %1$d AS to_seconds,
          %2$s
        FROM (
          SELECT kind, if(gap_blocks = 0, 0, 1 + floor(log2(abs(gap_blocks)))::INTEGER) AS bucket
          FROM duplicates
        )
        GROUP BY bucket
        ORDER BY bucket"""
        .formatted(block.toSeconds(), KINDS);
  }

  /** The newest dropped copies with their first copies; an identity of other fields finds none. */
  private static String matched(Duration block, int most, String order) {
    return """
        WITH newest AS (
          SELECT *,
            TRY(identity ->> '/device_id') AS id_device, TRY(identity ->> '/insert_id') AS id_insert,
            TRY(identity ->> '/uuid') AS id_uuid, epoch_us(upload_time) // %1$d AS block
          FROM duplicates
          ORDER BY %2$s
          LIMIT %3$d
        ),
        firsts AS (
          SELECT
            app::VARCHAR AS first_app, device_id, insert_id, uuid, epoch_us(upload_time) // %1$d AS first_block,
            upload_time AS first_upload_time, kafka_topic AS first_topic,
            kafka_partition AS first_partition, kafka_offset AS first_offset,
            kafka_index AS first_index,
            event_type, user_id, library, platform, event_properties
          FROM events
          WHERE insert_id IN (SELECT id_insert FROM newest)
            OR uuid IN (SELECT id_uuid FROM newest)
        ),
        matched AS (
          SELECT newest.*, firsts.*
          FROM newest LEFT JOIN firsts
            ON first_app = newest.app AND first_block = block - gap_blocks
            AND id_insert IS NOT NULL AND insert_id = id_insert
            AND (id_device IS NULL OR device_id = id_device)
          WHERE id_insert IS NOT NULL
          UNION ALL
          SELECT newest.*, firsts.*
          FROM newest LEFT JOIN firsts
            ON first_app = newest.app AND first_block = block - gap_blocks AND uuid = id_uuid
          WHERE id_insert IS NULL
        )
        """
        .formatted(block.toMillis() * 1000, order, most);
  }

  private static String firstCopies(Duration block, String column) {
    return matched(
            block, JOINED, "dropped_at DESC, kafka_partition, kafka_offset DESC, kafka_index DESC")
        + """
        SELECT if(first_app IS NULL, '(first copy not found)', coalesce(%1$s, '(none)')) AS %1$s, %2$s
        FROM matched
        GROUP BY 1
        ORDER BY copies DESC, 1
        LIMIT 50"""
            .formatted(column, KINDS);
  }

  /** Conflicting copies first, then the newest. */
  private static String samples(Duration block) {
    return matched(
            block,
            SAMPLES,
            "if(kind = 'conflicting', 0, 1), dropped_at DESC, kafka_partition, kafka_offset DESC,"
                + " kafka_index DESC")
        + """
        SELECT
          kind, gap_blocks * %d AS gap_seconds, app, identity, dropped_at,
          upload_time, kafka_topic, kafka_partition, kafka_offset, kafka_index,
          first_upload_time, first_topic, first_partition, first_offset, first_index,
          event_type, user_id, library, platform, event_properties
        FROM matched
        ORDER BY if(kind = 'conflicting', 0, 1), dropped_at DESC, kafka_partition, kafka_offset DESC,
          kafka_index DESC"""
            .formatted(block.toSeconds());
  }
}
