package io.nova.sql.table;

import io.nova.handoff.BatchNumbers;
import io.nova.iceberg.commit.LinkSummary;
import io.nova.live.cut.LiveAccess;
import io.nova.live.cut.ReadToken;
import io.nova.sql.source.EventScan.Past;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.ValidationException;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checked {@link ReadOptions} of one query.
 *
 * @param access the settings of a live read; empty for a committed read
 * @param past the past to read; empty for the table at the query's start
 * @param followEvery time between two polls of the table; empty for a bounded query
 * @param aggregates whether the scan may aggregate
 */
record ReadSettings(
    Optional<LiveAccess> access,
    Optional<Past> past,
    Optional<Duration> followEvery,
    boolean aggregates) {
  private static final Logger LOG = LoggerFactory.getLogger(ReadSettings.class);

  /**
   * Parses and checks options.
   *
   * @param token the catalog's token, for options without one
   * @param table the table, to look the snapshot of a read token up
   * @throws ValidationException if options contradict each other, or the snapshot of the read token
   *     has expired
   */
  static ReadSettings of(ReadableConfig options, String token, Table table) {
    Optional<Past> asOf = options.getOptional(ReadOptions.AS_OF).map(text -> pastOf(text, table));
    Optional<Past> named =
        options
            .getOptional(ReadOptions.SNAPSHOT_ID)
            .map(snapshot -> new Past(snapshot, BatchNumbers.NONE, null));
    boolean follows = options.get(ReadOptions.SCAN_MODE) == ScanMode.FOLLOW;
    if (asOf.isPresent() && named.isPresent()) {
      throw new ValidationException(
          "Options 'as-of' and 'snapshot-id': found both, expected one. Nothing is read.");
    }
    if (follows && (asOf.isPresent() || named.isPresent())) {
      throw new ValidationException(
          "Option 'scan.mode': found follow together with a snapshot, which cannot be followed. Leave"
              + " out 'as-of' and 'snapshot-id', or set 'scan.mode' = 'snapshot'. Nothing is read.");
    }
    Optional<Past> past = asOf.or(() -> named);
    requireCutAlone(options, follows || past.isPresent());
    boolean live = options.get(ReadOptions.READ) == ReadMode.LIVE && past.isEmpty();
    return new ReadSettings(
        live ? Optional.of(access(options, token)) : Optional.empty(),
        past,
        follows ? Optional.of(options.get(ReadOptions.CHECK_INTERVAL)) : Optional.empty(),
        options.get(ReadOptions.AGGREGATES) && !follows);
  }

  /**
   * Checks that a pinned cut is read by a bounded live query.
   *
   * @param otherwise whether the query follows the table, or reads a snapshot
   */
  private static void requireCutAlone(ReadableConfig options, boolean otherwise) {
    boolean isPinned = options.getOptional(ReadOptions.LIVE_CUT).isPresent();
    if (isPinned && (otherwise || options.get(ReadOptions.READ) != ReadMode.LIVE)) {
      throw new ValidationException(
          "Option 'live.cut': found it together with 'read' = 'committed', 'scan.mode' = 'follow',"
              + " 'as-of' or 'snapshot-id'. A pinned cut has its own snapshot and live views."
              + " Leave the others out. Nothing is read.");
    }
  }

  /**
   * Checks that these settings fit {@code lambda_events}, which has rows of two tables.
   *
   * @throws ValidationException if they name the past of one table only
   */
  ReadSettings forLambda(ReadableConfig options) {
    if (options.getOptional(ReadOptions.SNAPSHOT_ID).isPresent()) {
      throw new ValidationException(
          "Option 'snapshot-id': lambda_events reads two tables, and the option names a snapshot of"
              + " one. Use 'as-of', or read events. Nothing is read.");
    }
    if (past.isPresent()
        && past.get().completed() != BatchNumbers.NONE
        && past.get().batchSnapshotId() == null) {
      throw new ValidationException(
          "Option 'as-of': the token names no snapshot of nova.batch_events, since its query read"
              + " events. Use a token of a query of lambda_events. Nothing is read.");
    }
    return this;
  }

  /** The settings of a live read. */
  static LiveAccess access(ReadableConfig options, String token) {
    return new LiveAccess(
        options.get(ReadOptions.COMPLETENESS),
        token(options, token),
        options.get(ReadOptions.LIVE_WAIT),
        options.getOptional(ReadOptions.LIVE_CUT).orElse(""));
  }

  private static String token(ReadableConfig options, String ofCatalog) {
    Optional<String> inline = options.getOptional(ReadOptions.LIVE_TOKEN);
    Optional<String> file = options.getOptional(ReadOptions.LIVE_TOKEN_FILE);
    if (inline.isPresent() || file.isEmpty()) {
      return inline.orElse(ofCatalog);
    }
    try {
      return Files.readString(Path.of(file.get())).strip();
    } catch (IOException | IllegalArgumentException unreadable) {
      throw new ValidationException(
          ("Option 'live.token-file': file %s cannot be read (%s). It must be on the disk of "
                  + "the SQL client or gateway. Nothing is read.")
              .formatted(file.get(), unreadable),
          unreadable);
    }
  }

  /** The snapshot of the earlier query, without the batches that were completed then. */
  private static Past pastOf(String text, Table table) {
    ReadToken token = ReadToken.parse(text);
    Long id = token.snapshot();
    if (id == null) {
      throw new ValidationException(
          "Option 'as-of': the table of that query had no snapshot. Nothing is read.");
    }
    Snapshot found = table.snapshot(id);
    if (found == null) {
      throw new ValidationException(
          ("Option 'as-of': snapshot %s of %s is gone: it has expired, or the token is of "
                  + "another table. The query cannot be repeated. Nothing is read.")
              .formatted(id, table.location()));
    }
    String link = LinkSummary.of(found).map(LinkSummary::uuid).orElse(null);
    if (!Objects.equals(link, token.link())) {
      throw new ValidationException(
          ("Option 'as-of': snapshot %s of %s has link %s, the token has %s: it is of another "
                  + "table. Nothing is read.")
              .formatted(id, table.location(), link, token.link()));
    }
    if (!token.views().isEmpty()) {
      LOG.warn(
          "Option 'as-of': snapshot {} is read again. The earlier query also read {} live views,"
              + " which cannot be read again.",
          id,
          token.views().size());
    }
    Long completed = token.completed();
    return new Past(id, completed == null ? BatchNumbers.NONE : completed, token.batchSnapshot());
  }
}
