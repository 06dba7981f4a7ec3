package io.nova.sql.live;

import io.nova.iceberg.commit.SnapshotMark;
import io.nova.live.protocol.Announcement;
import io.nova.live.protocol.PinnedView;
import io.nova.shard.BlockFile;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a query reads: the files of a snapshot, files of sealed blocks that the snapshot does not
 * hold yet, and open blocks. No event is in two of them.
 *
 * @param snapshotId the snapshot; empty before the first
 * @param mark what the snapshot says of itself
 * @param sealed block files beside the snapshot
 * @param views the pinned views whose open blocks are read
 * @param gaps what the cut lacks; empty where it is complete
 */
public record Cut(
    Optional<Long> snapshotId,
    Optional<SnapshotMark> mark,
    List<BlockFile> sealed,
    List<View> views,
    List<Gap> gaps) {
  /**
   * A subtask's view.
   *
   * @param subtask where it is served
   * @param pinned what it holds, and the lease
   */
  public record View(Announcement subtask, PinnedView pinned) {}

  /**
   * Key groups of which the cut may lack events.
   *
   * @param shards their numbers
   * @param why what was asked and what came
   */
  public record Gap(List<Integer> shards, String why) {
    public Gap {
      shards = List.copyOf(shards);
    }

    @Override
    public String toString() {
      return shards.isEmpty() ? why : "key groups %s: %s".formatted(KeyGroups.text(shards), why);
    }
  }

  public Cut {
    sealed = List.copyOf(sealed);
    views = List.copyOf(views);
    gaps = List.copyOf(gaps);
  }

  /** A snapshot alone. */
  public static Cut committed(Optional<Long> snapshotId, Optional<SnapshotMark> mark) {
    return new Cut(snapshotId, mark, List.of(), List.of(), List.of());
  }

  /** How many events its open blocks hold. */
  public long openRows() {
    return views.stream()
        .flatMap(view -> view.pinned().open().stream())
        .mapToLong(PinnedView.OpenBlock::rows)
        .sum();
  }

  /** How many key groups it may lack events of. */
  public long shardsMissing() {
    return gaps.stream().flatMap(gap -> gap.shards().stream()).distinct().count();
  }

  /** What a query says of itself afterwards. */
  public ReadToken token() {
    return new ReadToken(
        ReadToken.VERSION,
        snapshotId.orElse(null),
        mark.map(SnapshotMark::uuid).orElse(null),
        mark.map(SnapshotMark::generation).orElse(null),
        views.stream().map(Cut::used).toList(),
        gaps.stream().map(Gap::toString).toList());
  }

  private static ReadToken.View used(View view) {
    String ends =
        view.pinned().shards().stream()
            .map(end -> end.shard() + ":" + end.held() + "/" + end.sealed())
            .collect(Collectors.joining(" "));
    return new ReadToken.View(view.subtask().subtask(), view.pinned().lease(), ends);
  }
}
