package io.nova.sql.table;

import io.nova.iceberg.commit.SnapshotMark;
import io.nova.sql.live.LiveAccess;
import io.nova.sql.live.ReadToken;
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
 * How one query reads {@code events}: {@link ReadOptions}, checked.
 *
 * @param access how live views are reached; empty to read what is committed
 * @param snapshotId the snapshot to read; empty for the current one
 * @param followEvery time between two looks at the table; empty for a read that ends
 */
record ReadSettings(
    Optional<LiveAccess> access, Optional<Long> snapshotId, Optional<Duration> followEvery) {
  private static final Logger LOG = LoggerFactory.getLogger(ReadSettings.class);

  /**
   * What these options say.
   *
   * @param token the catalog's token, for tables that are not told one
   * @throws ValidationException where they contradict each other or name a snapshot that is gone
   */
  static ReadSettings of(ReadableConfig options, String token, Table table) {
    Optional<Long> asOf =
        options.getOptional(ReadOptions.AS_OF).map(text -> snapshotOf(text, table));
    Optional<Long> named = options.getOptional(ReadOptions.SNAPSHOT_ID);
    boolean follows = options.get(ReadOptions.SCAN_MODE) == ScanMode.FOLLOW;
    if (asOf.isPresent() && named.isPresent()) {
      throw new ValidationException(
          "Options 'as-of' and 'snapshot-id': found both, expected one. Nothing is read.");
    }
    if (follows && (asOf.isPresent() || named.isPresent())) {
      throw new ValidationException(
          "Option 'scan.mode': found follow beside a snapshot, which does not go on. Leave out"
              + " 'as-of' and 'snapshot-id', or say snapshot. Nothing is read.");
    }
    Optional<Long> snapshot = asOf.or(() -> named);
    boolean live = options.get(ReadOptions.READ) == ReadMode.LIVE && snapshot.isEmpty();
    return new ReadSettings(
        live ? Optional.of(access(options, token)) : Optional.empty(),
        snapshot,
        follows ? Optional.of(options.get(ReadOptions.CHECK_INTERVAL)) : Optional.empty());
  }

  /** How the options say that live views are reached. */
  static LiveAccess access(ReadableConfig options, String token) {
    return new LiveAccess(
        options.get(ReadOptions.COMPLETENESS),
        token(options, token),
        options.get(ReadOptions.LIVE_WAIT));
  }

  private static String token(ReadableConfig options, String ofCatalog) {
    Optional<String> said = options.getOptional(ReadOptions.LIVE_TOKEN);
    Optional<String> file = options.getOptional(ReadOptions.LIVE_TOKEN_FILE);
    if (said.isPresent() || file.isEmpty()) {
      return said.orElse(ofCatalog);
    }
    try {
      return Files.readString(Path.of(file.get())).strip();
    } catch (IOException | IllegalArgumentException unreadable) {
      throw new ValidationException(
          ("Option 'live.token-file': file %s cannot be read (%s). It must lie on the "
                  + "disk of the SQL client or gateway. Nothing is read.")
              .formatted(file.get(), unreadable),
          unreadable);
    }
  }

  private static long snapshotOf(String text, Table table) {
    ReadToken token = ReadToken.parse(text);
    Long id = token.snapshot();
    if (id == null) {
      throw new ValidationException(
          "Option 'as-of': that query found a table without a snapshot. Nothing is read.");
    }
    Snapshot found = table.snapshot(id);
    if (found == null) {
      throw new ValidationException(
          ("Option 'as-of': snapshot %s of %s is gone: it was expired, or the token is "
                  + "another table's. That read cannot be repeated; nothing is read.")
              .formatted(id, table.location()));
    }
    String link = SnapshotMark.of(found).map(SnapshotMark::uuid).orElse(null);
    if (!Objects.equals(link, token.link())) {
      throw new ValidationException(
          ("Option 'as-of': snapshot %s of %s holds link %s, the token says %s: it is "
                  + "another table's. Nothing is read.")
              .formatted(id, table.location(), link, token.link()));
    }
    if (!token.views().isEmpty()) {
      LOG.warn(
          "Option 'as-of': snapshot {} is read again. That query also read {} live views, which"
              + " are not repeated.",
          id,
          token.views().size());
    }
    return id;
  }
}
