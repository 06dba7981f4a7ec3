package io.nova.iceberg.lifecycle;

import io.nova.iceberg.EventTable;
import io.nova.iceberg.Leftovers;
import io.nova.iceberg.Storage;
import io.nova.iceberg.commit.CommitChain;
import io.nova.iceberg.commit.HaltPoint;
import io.nova.iceberg.commit.LinkSummary;
import io.nova.iceberg.commit.LinkSummary.Step;
import io.nova.live.protocol.Announcements;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.ExpireSnapshots;
import org.apache.iceberg.ExpireSnapshots.CleanupLevel;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.Transaction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of snapshots and files. A run expires snapshots, removes the files that only these named,
 * and removes live records of finished generations. Once a day it also removes orphans.
 *
 * <p>A run consists of small steps, so that no checkpoint waits for it. Each expiry is a fenced
 * change of the commit chain. The storage cannot fence the removal of a file. So each step of
 * removals first reads whose generation the head is.
 *
 * <p>After a crash the next run begins anew. Files whose snapshots expired before the crash are
 * orphans then.
 *
 * <p>Not thread safe; belongs to the thread of its commit chain.
 */
public final class TableLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(TableLifecycle.class);
  private static final int SNAPSHOTS_A_STEP = 20;
  private static final int FILES_A_STEP = 100;
  private static final Duration BETWEEN_SEARCHES = Duration.ofDays(1);

  /** Longer than any write that is still alive, and for a diagnosis. */
  private static final Duration LEFTOVERS_STAY = Duration.ofHours(1);

  private final EventTable events;
  private final Table table;
  private final CommitChain chain;
  private final Retention retention;
  private final Clock clock;
  private final Configuration hadoop = Storage.configuration();
  private final ArrayDeque<String> leaving = new ArrayDeque<>();
  private @Nullable OrphanSearch search;
  private Instant nextSearch = Instant.MIN;
  private Phase phase = Phase.EXPIRY;
  private long expiredSnapshots;
  private long removedFiles;

  private enum Phase {
    EXPIRY,
    LEFTOVERS,
    ORPHANS
  }

  /**
   * The lifecycle of a table.
   *
   * @param clock the time that ages are measured by; snapshots and files have the times of the job
   *     and the storage
   */
  public TableLifecycle(EventTable events, CommitChain chain, Retention retention, Clock clock) {
    this.events = events;
    this.table = events.iceberg();
    this.chain = chain;
    this.retention = retention;
    this.clock = clock;
  }

  /**
   * Does the next step of the current run. After the last one the next call begins a run.
   *
   * @param state what the job's state names now
   * @return whether the run has another step
   * @throws IllegalStateException if a second writer is alive; the job must fail. Also if the
   *     storage does not say whether an expiry succeeded
   * @throws RuntimeException if the storage does not answer; the step can be tried again
   */
  public boolean step(NamedByState state) {
    if (!leaving.isEmpty()) {
      remove(state);
      return true;
    }
    switch (phase) {
      case EXPIRY -> {
        if (!expire(state)) {
          phase = Phase.LEFTOVERS;
        }
      }
      case LEFTOVERS -> {
        removeLeftovers();
        phase = Phase.ORPHANS;
      }
      case ORPHANS -> {
        if (!searchOrphans()) {
          phase = Phase.EXPIRY;
          return !leaving.isEmpty();
        }
      }
    }
    return true;
  }

  /** Does all steps of a run. */
  void run(NamedByState state) {
    while (step(state)) {
      // Each step does its own part.
    }
  }

  /**
   * What a run would remove now. It reads all manifests and changes nothing. Any thread of any
   * process may ask for it.
   *
   * @param state what the job's state names; without it more files may be listed than would go
   */
  public static RemovalPlan dryRun(
      EventTable events, Retention retention, NamedByState state, Instant now) {
    Table table = events.refresh().iceberg();
    List<Snapshot> expiring = ExpirableSnapshots.of(table, retention, state, now);
    OrphanSearch search =
        OrphanSearch.begin(events, Storage.configuration(), retention.orphansSince(now));
    while (search.step()) {
      // Each step reads some manifests.
    }
    return new RemovalPlan(
        expiring.stream().map(Snapshot::snapshotId).toList(),
        without(state, FilesOfExpired.of(table, expiring).all()),
        without(state, search.found()));
  }

  private static List<String> without(NamedByState state, List<String> files) {
    Set<String> named = state.fileKeys();
    return files.stream().filter(file -> !named.contains(NamedByState.key(file))).toList();
  }

  /** The figures of the table as last loaded, and of the removals since this object exists. */
  public LifecycleFigures figures() {
    TableMetadata metadata = ((HasTableOperations) table).operations().current();
    return new LifecycleFigures(
        metadata.snapshots().size(),
        table.io().newInputFile(metadata.metadataFileLocation()).getLength(),
        expiredSnapshots,
        removedFiles);
  }

  private boolean expire(NamedByState state) {
    List<Snapshot> expiring = new ArrayList<>();
    List<String> files = new ArrayList<>();
    boolean changed =
        chain.change(
            Step.EXPIRE,
            transaction -> {
              expiring.addAll(next(transaction.table(), state));
              files.addAll(FilesOfExpired.of(transaction.table(), expiring).all());
              return expire(transaction, expiring);
            });
    if (changed) {
      expiredSnapshots += expiring.size();
      leaving.addAll(files);
      LOG.info(
          "Table {}: {} snapshots have expired, {} files go",
          table.location(),
          expiring.size(),
          files.size());
    }
    return changed;
  }

  /**
   * The snapshots of the next step. Each expiry adds a snapshot itself. So those of earlier ones
   * wait until others expire along with them: an idle table comes to rest. A table without content
   * keeps its few snapshots, since those of expiries would be births as well.
   */
  private List<Snapshot> next(Table loaded, NamedByState state) {
    if (isOf(Step.BIRTH, loaded.currentSnapshot())) {
      return List.of();
    }
    List<Snapshot> all = ExpirableSnapshots.of(loaded, retention, state, clock.instant());
    boolean worthwhile =
        all.size() > SNAPSHOTS_A_STEP || !all.stream().allMatch(one -> isOf(Step.EXPIRE, one));
    return worthwhile ? all.subList(0, Math.min(SNAPSHOTS_A_STEP, all.size())) : List.of();
  }

  private static boolean isOf(Step step, Snapshot snapshot) {
    return LinkSummary.of(snapshot).filter(l -> l.step().equals(step.name())).isPresent();
  }

  private static boolean expire(Transaction transaction, List<Snapshot> expiring) {
    if (expiring.isEmpty()) {
      return false;
    }
    // Without the second call Iceberg adds the snapshots that are older than five days.
    ExpireSnapshots expiry =
        transaction.expireSnapshots().cleanupLevel(CleanupLevel.NONE).expireOlderThan(0);
    expiring.forEach(snapshot -> expiry.expireSnapshotId(snapshot.snapshotId()));
    expiry.commit();
    return true;
  }

  private void remove(NamedByState state) {
    mustBeOurs();
    Set<String> named = state.fileKeys();
    for (int i = 0; i < FILES_A_STEP && !leaving.isEmpty(); i++) {
      String file = leaving.remove();
      if (!named.contains(NamedByState.key(file))) {
        remove(file);
      }
    }
  }

  private void remove(String file) {
    HaltPoint.FILE_REMOVAL.reached();
    try {
      table.io().deleteFile(file);
      removedFiles++;
    } catch (RuntimeException e) {
      LOG.warn("File {} cannot be removed ({}). It is an orphan now.", file, e.toString());
    }
  }

  private void mustBeOurs() {
    table.refresh();
    Optional<LinkSummary> head = LinkSummary.of(table.currentSnapshot());
    if (head.filter(link -> link.generation().equals(chain.generation())).isEmpty()) {
      throw new IllegalStateException(
          ("Table %s: the head is %s, expected one of generation %s. A second writer is alive. %s"
                  + " files were not removed. This job fails and starts over.")
              .formatted(
                  table.location(),
                  head.map(LinkSummary::toString).orElse("no link of Nova"),
                  chain.generation(),
                  leaving.size()));
    }
  }

  private void removeLeftovers() {
    mustBeOurs();
    Leftovers.remove(hadoop, events, LEFTOVERS_STAY);
    try {
      new Announcements(table.location(), hadoop).removeOthers(chain.generation(), LEFTOVERS_STAY);
    } catch (IOException e) {
      LOG.warn("Announcements of finished generations stay: {}", e.toString());
    }
  }

  /** Does a step of the search; false if none is left. */
  private boolean searchOrphans() {
    Instant now = clock.instant();
    if (search == null) {
      if (now.isBefore(nextSearch)) {
        return false;
      }
      search = OrphanSearch.begin(events, hadoop, retention.orphansSince(now));
    }
    if (search.step()) {
      return true;
    }
    leaving.addAll(search.found());
    OrphanSearch.removeEmptyFolders(table, hadoop, retention.orphansSince(now));
    search = null;
    nextSearch = now.plus(BETWEEN_SEARCHES);
    return false;
  }
}
