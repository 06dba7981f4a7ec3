package io.nova.live.cut;

import io.nova.handoff.BatchNumbers;
import io.nova.iceberg.commit.LinkSummary;
import io.nova.live.cut.LiveViews.Answer.Pinned;
import io.nova.live.cut.LiveViews.Answer.Refused;
import io.nova.live.protocol.Announcement;
import io.nova.live.protocol.PinnedView;
import io.nova.live.protocol.SubtaskView.Behind;
import io.nova.live.protocol.SubtaskView.Checkpointed;
import io.nova.live.protocol.SubtaskView.ShardEnd;
import io.nova.shard.BlockFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A hand-written job with one subtask for each shard, and its table. A test changes it between two
 * steps of the protocol.
 */
public final class FakeJob implements LiveViews {
  final String generation = "g1";
  public final Map<Integer, String> refusing = new HashMap<>();
  final Map<Integer, ShardEnd> ends = new HashMap<>();
  final Map<Integer, List<BlockFile>> sealed = new HashMap<>();
  final Map<Integer, List<Behind>> behind = new HashMap<>();
  public final Set<String> leases = new HashSet<>();
  final Set<Integer> drained = new HashSet<>();
  final List<Announcement> announced = new ArrayList<>();

  Runnable afterPins = () -> {};
  String tableGeneration = generation;
  String viewGeneration = generation;
  long[] sequences;
  long snapshotId = 1;
  long completed = BatchNumbers.NONE;
  int pins;
  public long leaseMillis = 60_000;
  public final AtomicInteger renewals = new AtomicInteger();

  /** A job with a number of shards. */
  public FakeJob(int shards) {
    sequences = new long[shards];
    for (int shard = 0; shard < shards; shard++) {
      end(shard, 0, 0);
      announced.add(announcement(shard, List.of(new ShardEnd(shard, 0, 0))));
    }
  }

  static Announcement announcement(int subtask, List<ShardEnd> shards) {
    return new Announcement(1, "g1", subtask, 0, "host", 7000 + subtask, false, "", false, shards);
  }

  /** Drains a subtask with its shard sealed up to a sequence. */
  void drain(int shard, long sequence) {
    announced.set(
        shard,
        new Announcement(
            1,
            "g1",
            shard,
            0,
            "",
            0,
            false,
            "",
            true,
            List.of(new ShardEnd(shard, sequence, sequence))));
  }

  void end(int shard, long inTable, long sealed) {
    ends.put(shard, new ShardEnd(shard, inTable, sealed));
  }

  /** A block file with these blocks, each given as {@code shard:sequence}. */
  static BlockFile file(String path, String... blocks) {
    List<BlockFile.Block> parsed =
        Arrays.stream(blocks)
            .map(block -> block.split(":"))
            .map(two -> new BlockFile.Block(Integer.parseInt(two[0]), Long.parseLong(two[1]), 10))
            .toList();
    return new BlockFile(path, 100, 10L * parsed.size(), 20_777, 0, 300, parsed);
  }

  /** The protocol over its table and views. */
  public CutProtocol cuts(LiveAccess access, RetryPolicy retries) {
    return new CutProtocol("/w", sequences.length, this::table, this, access, retries);
  }

  private Cut table() {
    List<Long> sealedInTable = Arrays.stream(sequences).boxed().toList();
    LinkSummary link =
        new LinkSummary(snapshotId, "link", tableGeneration, "APPEND", sealedInTable);
    return new Cut(
        Optional.of(snapshotId),
        Optional.of(link),
        completed,
        Optional.empty(),
        List.of(),
        List.of(),
        List.of());
  }

  @Override
  public List<Announcement> announced(String tableLocation, String wanted) throws IOException {
    return wanted.equals(generation) ? List.copyOf(announced) : List.of();
  }

  @Override
  public List<Answer> pin(List<Announcement> subtasks) {
    pins++;
    List<Answer> answers = subtasks.stream().map(this::pin).toList();
    afterPins.run();
    return answers;
  }

  private Answer pin(Announcement subtask) {
    int shard = subtask.subtask();
    if (refusing.containsKey(shard)) {
      return new Refused(refusing.get(shard));
    }
    String lease = pins + "-" + shard;
    leases.add(lease);
    return new Pinned(
        new PinnedView(
            PinnedView.VERSION,
            lease,
            leaseMillis,
            viewGeneration,
            List.of(ends.get(shard)),
            List.of(new PinnedView.OpenBlock(shard, 7, 5, 500)),
            sealed.getOrDefault(shard, List.of()),
            List.of(),
            behind.getOrDefault(shard, List.of()),
            Checkpointed.NOTHING));
  }

  @Override
  public void renew(List<Cut.View> pinned) {
    renewals.addAndGet(pinned.size());
  }

  @Override
  public void release(List<Cut.View> pinned) {
    pinned.forEach(view -> leases.remove(view.pinned().lease()));
  }
}
