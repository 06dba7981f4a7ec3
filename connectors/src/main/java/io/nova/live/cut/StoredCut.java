package io.nova.live.cut;

import io.nova.iceberg.commit.LinkSummary;
import io.nova.live.protocol.Announcement;
import io.nova.live.protocol.PinnedView;
import io.nova.shard.BlockFile;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * A pinned cut that other processes read. It is JSON below the table's location. It has no tokens
 * of servers: a reader finds them in the announcements.
 *
 * @param version 1
 * @param id names the cut
 * @param endsAtMs the time at which its leases end at the latest, milliseconds since 1970
 * @param snapshotId Iceberg's id of the snapshot; null for a table without one
 * @param completed as {@link Cut#completed()}
 * @param batchSnapshotId as {@link Cut#batchSnapshotId()}; null for none
 * @param sealed as {@link Cut#sealed()}
 * @param views the pinned views
 */
public record StoredCut(
    int version,
    String id,
    long endsAtMs,
    @Nullable Long snapshotId,
    long completed,
    @Nullable Long batchSnapshotId,
    List<BlockFile> sealed,
    List<View> views) {
  /** The only version. */
  public static final int VERSION = 1;

  /**
   * A pinned view.
   *
   * @param subtask address of its server, with an empty token
   */
  public record View(Announcement subtask, PinnedView pinned) {}

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if the version is another
   */
  public StoredCut {
    if (version != VERSION) {
      throw new IllegalArgumentException(
          "Pinned cut: version %s found, %s expected".formatted(version, VERSION));
    }
    sealed = List.copyOf(sealed);
    views = List.copyOf(views);
  }

  /** The stored form of a cut. */
  public static StoredCut of(String id, long endsAtMs, Cut cut) {
    return new StoredCut(
        VERSION,
        id,
        endsAtMs,
        cut.snapshotId().orElse(null),
        cut.completed(),
        cut.batchSnapshotId().orElse(null),
        cut.sealed(),
        cut.views().stream()
            .map(view -> new View(withToken(view.subtask(), ""), view.pinned()))
            .toList());
  }

  private static Announcement withToken(Announcement subtask, String token) {
    return new Announcement(
        subtask.version(),
        subtask.generation(),
        subtask.subtask(),
        subtask.attempt(),
        subtask.host(),
        subtask.port(),
        subtask.tls(),
        token,
        subtask.drained(),
        subtask.shards());
  }

  /**
   * The cut.
   *
   * @param table the event table
   * @param announced the announcements of the cut's generation
   * @throws LostCutException if the snapshot has expired, or a subtask is another one now
   */
  Cut cut(Table table, List<Announcement> announced) {
    Snapshot snapshot = snapshotId == null ? null : table.snapshot(snapshotId);
    if (snapshotId != null && snapshot == null) {
      throw new LostCutException(id, "its snapshot %d has expired".formatted(snapshotId));
    }
    return new Cut(
        Optional.ofNullable(snapshotId),
        LinkSummary.of(snapshot),
        completed,
        Optional.ofNullable(batchSnapshotId),
        sealed,
        views.stream().map(view -> served(view, announced)).toList(),
        List.of());
  }

  private Cut.View served(View view, List<Announcement> announced) {
    Announcement subtask = view.subtask();
    Announcement now =
        announced.stream()
            .filter(other -> other.subtask() == subtask.subtask())
            .filter(other -> other.attempt() == subtask.attempt())
            .filter(other -> other.port() == subtask.port())
            .filter(other -> !other.drained())
            .findFirst()
            .orElseThrow(
                () ->
                    new LostCutException(
                        id,
                        "subtask %d of attempt %d no longer serves its view"
                            .formatted(subtask.subtask(), subtask.attempt())));
    return new Cut.View(withToken(subtask, now.token()), view.pinned());
  }

  /** The run of the job whose views are pinned; empty if there are none. */
  Optional<String> generation() {
    return views.stream().map(view -> view.pinned().generation()).findFirst();
  }
}
