package io.nova.iceberg;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.encryption.EncryptionManager;
import org.apache.iceberg.exceptions.CleanableFailure;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The metadata operations of a table. They add two things to Iceberg's: a look at the table after a
 * commit without a clear answer, and a new start after a long sleep.
 *
 * <p>A commit is a rename, a database update or a request. It may succeed although its answer is an
 * error: the connection breaks, or a client sends it twice. JDBC's second update then finds no row
 * to change. Iceberg takes that for a failed commit and deletes the manifests of the new version.
 * These operations look at the table first:
 *
 * <table>
 *   <caption>After an unclear answer</caption>
 *   <tr><th>found</th><th>result</th></tr>
 *   <tr><td>the snapshots of the commit</td><td>the commit succeeded</td></tr>
 *   <tr><td>its content, if it adds no snapshot</td><td>the commit succeeded</td></tr>
 *   <tr><td>another commit in this version</td><td>the commit failed</td></tr>
 *   <tr><td>no new version, or no answer</td><td>unknown; Iceberg then deletes nothing</td></tr>
 * </table>
 *
 * <p>"No new version" is no proof of failure: the server may still carry out the commit. Iceberg
 * deletes manifests after each {@link CleanableFailure}, such as status 503. After any other error
 * it deletes nothing by itself, so that error stays as it is.
 *
 * <p>The table keeps a limited number of old versions. Iceberg's handle starts each refresh from
 * the version that it knows, and fails for ever once that version is deleted. These operations then
 * find the newest version anew.
 *
 * <p>Thread safe, as Iceberg's are.
 */
final class VerifiedOperations implements TableOperations {
  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final Logger LOG = LoggerFactory.getLogger(VerifiedOperations.class);

  private final String location;
  private final Supplier<TableOperations> unopened;

  /** Whether this process deletes old versions. Other catalogs do that, or the orphan search. */
  private final boolean ownsVersions;

  private volatile TableOperations delegate;
  private volatile @Nullable String uuid;

  private VerifiedOperations(
      String location,
      TableOperations first,
      Supplier<TableOperations> unopened,
      boolean ownsVersions) {
    this.location = location;
    this.delegate = first;
    this.unopened = unopened;
    this.ownsVersions = ownsVersions;
  }

  /**
   * Operations of a table in a folder.
   *
   * @param location the folder of the table, for messages
   * @param unopened makes Iceberg's operations of the table, which have read nothing yet
   */
  static VerifiedOperations ofFolder(String location, Supplier<TableOperations> unopened) {
    return new VerifiedOperations(location, unopened.get(), unopened, true);
  }

  /**
   * Operations of a table that a database or a server registers.
   *
   * @param first Iceberg's operations of the table
   * @param anew loads the table again and gives its operations
   */
  static VerifiedOperations ofRegistered(
      String location, TableOperations first, Supplier<TableOperations> anew) {
    VerifiedOperations operations = new VerifiedOperations(location, first, anew, false);
    operations.current();
    return operations;
  }

  @Override
  public @Nullable TableMetadata current() {
    return read(TableOperations::current);
  }

  @Override
  public @Nullable TableMetadata refresh() {
    return read(TableOperations::refresh);
  }

  private interface Reading {
    @Nullable TableMetadata of(TableOperations operations);
  }

  private @Nullable TableMetadata read(Reading reading) {
    TableMetadata found;
    try {
      found = reading.of(delegate);
    } catch (ValidationException | NotFoundException deleted) {
      found = findAnew(deleted);
    }
    if (found != null) {
      uuid = found.uuid();
    }
    return found;
  }

  private TableMetadata findAnew(RuntimeException deleted) {
    TableOperations anew = unopened.get();
    TableMetadata found = anew.refresh();
    if (found == null) {
      throw deleted;
    }
    if (uuid != null && !found.uuid().equals(uuid)) {
      throw new IllegalStateException(
          "Table %s: it was removed and created again: UUID %s found, %s expected. Restart."
              .formatted(location, found.uuid(), uuid));
    }
    delegate = anew;
    return found;
  }

  /**
   * Commits a version.
   *
   * @throws CommitFailedException if the table is not changed
   * @throws CommitStateUnknownException if it is unknown whether it is changed
   */
  @Override
  public void commit(@Nullable TableMetadata base, TableMetadata metadata) {
    try {
      delegate.commit(base, metadata);
    } catch (RuntimeException failure) {
      TableMetadata found = lookAfter(failure);
      if (found != null && isIn(found, base, metadata)) {
        LOG.warn(
            "Table {}: a commit got no clear answer ({}). The table shows it, so it succeeded.",
            location,
            failure.toString());
        deleteOldVersions(base, metadata);
      } else if (failure instanceof CleanableFailure && isSameVersion(found, base)) {
        throw unknown(failure);
      } else {
        throw failure;
      }
    }
  }

  private @Nullable TableMetadata lookAfter(RuntimeException failure) {
    try {
      return refresh();
    } catch (RuntimeException noAnswer) {
      failure.addSuppressed(noAnswer);
      throw unknown(failure);
    }
  }

  private CommitStateUnknownException unknown(RuntimeException failure) {
    return new CommitStateUnknownException(
        "Table %s: it is unknown whether a commit succeeded (%s). Nothing was deleted."
            .formatted(location, failure.getMessage()),
        failure);
  }

  /** Whether the found version has everything that the commit added. */
  private static boolean isIn(
      TableMetadata found, @Nullable TableMetadata base, TableMetadata metadata) {
    Set<Long> added = new HashSet<>();
    metadata.snapshots().forEach(snapshot -> added.add(snapshot.snapshotId()));
    if (base != null) {
      base.snapshots().stream().map(Snapshot::snapshotId).forEach(added::remove);
    }
    boolean creates = base == null;
    return found.uuid().equals(metadata.uuid())
        && (creates || !added.isEmpty() || content(found).equals(content(metadata)))
        && added.stream().allMatch(id -> found.snapshot(id) != null);
  }

  /** What the file of a version has; the order of keys does not matter. */
  private static JsonNode content(TableMetadata version) {
    try {
      return JSON.readTree(TableMetadataParser.toJson(version));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isSameVersion(
      @Nullable TableMetadata found, @Nullable TableMetadata base) {
    if (found == null || base == null) {
      return found == base;
    }
    return found.metadataFileLocation().equals(base.metadataFileLocation());
  }

  /** The last step of a commit, which Iceberg has left out. */
  private void deleteOldVersions(@Nullable TableMetadata base, TableMetadata metadata) {
    if (ownsVersions && base != null) {
      CatalogUtil.deleteRemovedMetadataFiles(io(), base, metadata);
    }
  }

  @Override
  public FileIO io() {
    return delegate.io();
  }

  @Override
  public EncryptionManager encryption() {
    return delegate.encryption();
  }

  @Override
  public String metadataFileLocation(String fileName) {
    return delegate.metadataFileLocation(fileName);
  }

  @Override
  public LocationProvider locationProvider() {
    return delegate.locationProvider();
  }

  @Override
  public TableOperations temp(TableMetadata uncommitted) {
    return delegate.temp(uncommitted);
  }

  @Override
  public long newSnapshotId() {
    return delegate.newSnapshotId();
  }
}
