package io.nova.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.handoff.BatchNumbers;
import io.nova.iceberg.CatalogAddress;
import io.nova.iceberg.Chunk;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.SmallChunk;
import io.nova.iceberg.TestCatalog;
import io.nova.iceberg.TestCatalog.Kind;
import io.nova.iceberg.commit.ClosedBatch;
import io.nova.iceberg.commit.ClosedBatches;
import io.nova.iceberg.commit.CommitChain;
import io.nova.iceberg.commit.CommitterState;
import io.nova.iceberg.commit.Draft;
import io.nova.iceberg.commit.HaltPoint;
import io.nova.iceberg.commit.LastWindows;
import io.nova.iceberg.commit.Link;
import io.nova.shard.BlockFile;
import io.nova.shard.SealedBlock;
import io.nova.shard.progress.Ancestry;
import io.nova.shard.progress.RunCheckpoint;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The course of a simulated job that writes a real table: which step comes next, and its committer.
 * The job is restored from older savepoints, also of abandoned branches, and killed at a halt
 * point.
 */
final class TableWorld implements SimulatedShards.Sealed {
  private static final int RESTORES = 10;

  private final Measures measures;
  private final Random random;

  /** What decides on small chunks and links that are taken back. */
  private final Random merges;

  private final Trace trace;
  private final Killer killer;

  /** Whether steps of the handoff come fast. */
  private final boolean eager;

  private final TableCounts counts;
  private final Topic topic;
  private final SimulatedJob job;
  private final SimulatedFiles files;
  private final BatchLayer batchLayer;
  private final TableExpectation expected;
  private final TableZombies zombies;
  private final CatalogAddress catalog;
  private final int mergedTogether;
  private final List<TableSavepoint> savepoints = new ArrayList<>();

  /** By closing link, the savepoint that has drawn it. */
  private final Map<String, TableSavepoint> drawnBy = new HashMap<>();

  private EventTable table;
  private CommitChain chain;
  private Draft draft;
  private Ancestry begun = Ancestry.NONE;
  private final ArrayDeque<Link> pending = new ArrayDeque<>();
  private List<BlockFile> waiting = new ArrayList<>();
  private List<SmallChunk> smallChunks = new ArrayList<>();
  private List<Integer> lineage = List.of();
  private NavigableMap<Long, String> closings = new TreeMap<>();

  /** From where the job starts again after a kill; null before its first checkpoint. */
  private @Nullable TableSavepoint last;

  private boolean hasOwnCheckpoint;
  private int taken;

  /** Runs the world of a seed in a warehouse of its own below a folder. */
  static void run(
      Kind kind,
      Path folder,
      int messages,
      long seed,
      Trace trace,
      TableCounts counts,
      @Nullable HaltPoint point) {
    Measures measures = Measures.draw(seed, messages).withBatchesOf(1 + (int) (seed % 4));
    Path warehouse = folder.resolve("warehouse %d %s".formatted(seed, point));
    try (TestCatalog catalog = TestCatalog.open(kind, warehouse)) {
      new TableWorld(catalog.address(), measures, seed, trace, counts, point).run();
    }
  }

  TableWorld(
      CatalogAddress catalog,
      Measures measures,
      long seed,
      Trace trace,
      TableCounts counts,
      @Nullable HaltPoint point) {
    this.measures = measures;
    this.random = new Random(seed);
    this.merges = new Random(~seed);
    this.trace = trace;
    this.counts = counts;
    this.killer = new Killer(point, seed);
    this.eager = point != null;
    this.topic = Topic.draw(measures, seed);
    this.job = new SimulatedJob(measures, topic, random, trace, this);
    TableContent content = new TableContent(topic);
    this.batchLayer = new BatchLayer(content, this::tag, random, trace);
    this.zombies = new TableZombies(random, trace, counts);
    this.catalog = catalog;
    this.table = EventTable.findOrCreate(catalog, measures.table());
    Rows rows = new Rows(topic);
    this.files = new SimulatedFiles(measures, rows, content, table);
    this.expected = new TableExpectation(measures, rows, content, files, batchLayer);
    this.mergedTogether = 1 + random.nextInt(3);
    this.chain = CommitChain.begin(table, UUID.randomUUID().toString());
    this.draft = Draft.first(chain.head(), measures.table().shards());
  }

  void run() {
    job.start(job.beginning(), false);
    int restores = RESTORES;
    while (!job.hasReadAll()) {
      surviving(this::round);
      if (restores > 0 && !savepoints.isEmpty() && random.nextInt(3) == 0) {
        restores--;
        restoreAny();
      }
      zombies.tryOne(table, batchLayer);
    }
    drain();
    counts.kills.addAndGet(killer.kills());
    counts.removals.addAndGet(batchLayer.removals());
  }

  /** Does it, and starts the job again where it is killed, until it is alive. */
  private void surviving(Runnable act) {
    killer.arm(last != null);
    try {
      act.run();
      killer.arm(false);
    } catch (Killer.Killed killed) {
      trace.note(killed.getMessage());
      surviving(() -> restore(Objects.requireNonNull(last)));
    }
  }

  private void round() {
    for (int i = 0; i < 8; i++) {
      job.step();
    }
    merge();
    if (random.nextInt(eager ? 2 : 4) == 0) {
      close();
    }
    for (int i = random.nextInt(eager ? 6 : 4); i > 0; i--) {
      batchLayer.act(table, chain);
    }
    check();
    if (random.nextInt(2) == 0) {
      checkpoint();
    }
    if (hasOwnCheckpoint && random.nextInt(eager ? 3 : 8) == 0) {
      expire();
    }
  }

  private void drain() {
    checkpoint();
    job.drain();
    waitingBatches().forEach(batch -> merge(batch, waiting(batch), smallChunks(batch), false));
    checkpoint();
    while (!pending.isEmpty()) {
      applyAll();
    }
    expected.checkEnd(table, chain.handoff().completed(), job.outcomes());
  }

  /** Closes a batch. The committer may learn of it before any shard. */
  private void close() {
    HaltPoint.CLOSE.reached();
    job.close()
        .ifPresent(
            batch -> {
              expected.noteClosed(batch);
              draft.close(batch, "ops");
            });
  }

  @Override
  public void upTo(int shard, long batch) {
    HaltPoint.SEAL.reached();
    draft.sealed(shard, batch);
  }

  @Override
  public void blocks(long interval, List<SealedBlock> blocks) {
    BlockFile file = files.write(interval, blocks);
    expected.noteSealed(file);
    draft.add(file);
    waiting.add(file);
  }

  /** A chunk of an open batch may be small, and the last one of a batch is not. */
  private void merge() {
    for (long batch : waitingBatches()) {
      List<BlockFile> blockFiles = waiting(batch);
      List<SmallChunk> small = smallChunks(batch);
      if (batch <= expected.closedUpTo()) {
        if (random.nextInt(3) == 0) {
          merge(batch, blockFiles, small, !blockFiles.isEmpty() && merges.nextInt(4) == 0);
        }
      } else if (blockFiles.size() >= mergedTogether && random.nextInt(3) == 0) {
        List<BlockFile> first = blockFiles.subList(0, mergedTogether);
        merge(batch, first, merges.nextBoolean() ? small : List.of(), merges.nextBoolean());
      }
    }
  }

  private List<Long> waitingBatches() {
    return Stream.concat(
            waiting.stream().map(BlockFile::batchNumber),
            smallChunks.stream().map(SmallChunk::batchNumber))
        .distinct()
        .sorted()
        .toList();
  }

  private List<BlockFile> waiting(long batch) {
    return waiting.stream().filter(file -> file.batchNumber() == batch).toList();
  }

  private List<SmallChunk> smallChunks(long batch) {
    return smallChunks.stream().filter(chunk -> chunk.batchNumber() == batch).toList();
  }

  private void merge(long batch, List<BlockFile> together, List<SmallChunk> again, boolean waits) {
    Chunk chunk = files.merge(batch, together, again);
    trace.note(
        "CHUNK of %d block files and %d chunks of batch %d%s"
            .formatted(together.size(), again.size(), batch, waits ? ", small" : ""));
    if (batch <= expected.closedUpTo()) {
      HaltPoint.MERGE.reached();
    }
    waiting.removeAll(together);
    smallChunks.removeAll(again);
    draft.add(waits ? chunk.waiting() : chunk);
    if (waits) {
      smallChunks.add(chunk.asSmall());
    }
    counts.chunks.incrementAndGet();
    counts.mergedAgain.addAndGet(again.size());
  }

  private void checkpoint() {
    SimulatedJob.Cut cut = job.checkpoint();
    List<Integer> grown = new ArrayList<>(lineage);
    grown.add(taken);
    draft.takenBy(begun.with(new RunCheckpoint(chain.generation(), taken)), taken);
    NavigableMap<Long, String> closed = new TreeMap<>(closings);
    @Nullable Link closing = null;
    if (!draft.isEmpty()) {
      takeBackPending();
      Link link = draft.draw(chain.generation(), job.counted(), topic.offsets(cut.positions()));
      pending.add(link);
      if (link.closes() != null) {
        closing = link;
        closed.put(link.closes().batch(), link.uuid());
        HaltPoint.CLOSING_LINK.reached();
      }
    }
    lineage = List.copyOf(grown);
    closings = closed;
    TableSavepoint savepoint = savepoint(cut);
    if (closing != null) {
      drawnBy.put(closing.uuid(), savepoint);
    }
    savepoints.add(savepoint);
    last = savepoint;
    hasOwnCheckpoint = true;
    expected.checkPlaces(table, cut);
    if (random.nextInt(10) < (eager ? 8 : 4)) {
      applyAll();
    }
    draft.forget(chain.handoff().deleted(), chain.handoff().firstTagged());
  }

  /** As a committer does whose commit interval is not over. */
  private void takeBackPending() {
    while (!pending.isEmpty() && pending.getLast().closes() == null && merges.nextBoolean()) {
      draft.takeBack(pending.removeLast());
      counts.takenBack.incrementAndGet();
    }
  }

  private TableSavepoint savepoint(SimulatedJob.Cut cut) {
    byte[] committer = draft.state(chain.head(), List.copyOf(pending)).write();
    return new TableSavepoint(
        taken++,
        System.currentTimeMillis(),
        cut,
        List.copyOf(waiting),
        List.copyOf(smallChunks),
        new String(committer, StandardCharsets.UTF_8),
        Set.copyOf(expected.sealed()),
        expected.closedUpTo(),
        expected.leftUpTo(),
        lineage,
        closings);
  }

  /** What a closing link says of a batch, by the savepoint that has drawn it. */
  private SimulatedTag tag(ClosedBatch closed, Set<SimulatedMessage> rows) {
    TableSavepoint by = Objects.requireNonNull(drawnBy.get(closed.link()));
    return new SimulatedTag(
        closed.batch(),
        (closed.batch() + 1) * measures.batchBlocks(),
        topic.offsets(by.cut().positions()),
        by.lineage(),
        rows,
        by.cut().outcomes());
  }

  /** Applies all links, as after a completed checkpoint. A crash may interrupt it. */
  private void applyAll() {
    while (!pending.isEmpty()) {
      apply(pending.element());
      pending.remove();
      if (random.nextInt(4) == 0) {
        return;
      }
    }
  }

  private void apply(Link link) {
    chain.apply(link);
    trace.note("COMMIT " + link.uuid() + " after " + link.parent());
    expected.noteCommitted(link);
    if (link.closes() != null) {
      HaltPoint.ANSWER.reached();
    }
    if (random.nextInt(5) == 0) {
      chain.apply(link);
    }
    check();
  }

  /** Expires what no savepoint from one on needs. The earlier savepoints are too old then. */
  private void expire() {
    int reach = eager ? savepoints.size() : (savepoints.size() + 1) / 2;
    TableSavepoint oldest = savepoints.get(random.nextInt(reach));
    SimulatedLifecycle lifecycle = new SimulatedLifecycle(table, chain, oldest.takenMs() - 1);
    trace.note("EXPIRE before savepoint " + oldest.id());
    savepoints.removeIf(one -> one.id() < oldest.id());
    try {
      counts.removedFiles.addAndGet(lifecycle.run(Objects.requireNonNull(last).committer()));
    } finally {
      table.iceberg().refresh();
      batchLayer.noteDropped(table.iceberg());
    }
    TableInvariants.invariant5FilesOfRetainedSnapshotsAreThere(table.iceberg());
  }

  private void check() {
    expected.check(table, job.outcomes());
    counts.closes.addAndGet(
        ClosedBatches.of(table.iceberg().currentSnapshot()).batches().isEmpty() ? 0 : 1);
  }

  /** Restores the last checkpoint or an older one, perhaps of an abandoned branch. */
  private void restoreAny() {
    startWithoutStateMustFail();
    TableSavepoint chosen = choose();
    if (chosen.fits(batchLayer)) {
      counts.oldSavepoints.addAndGet(chosen.id() == taken - 1 ? 0 : 1);
      surviving(() -> restore(chosen));
    } else {
      counts.refused.incrementAndGet();
      trace.note("REFUSE savepoint " + chosen.id());
      mustChangeNothing("a savepoint that does not fit", () -> resume(chosen));
    }
  }

  /** Often one that is from before the close of a completed batch, or does not fit. */
  private TableSavepoint choose() {
    List<TableSavepoint> all = savepoints;
    if (random.nextInt(2) == 0) {
      all = savepoints.stream().filter(one -> !one.hasClosedAll(batchLayer)).toList();
    }
    all = all.isEmpty() ? savepoints : all;
    int back = random.nextInt(3) == 0 ? 1 : 1 + random.nextInt(all.size());
    return all.get(all.size() - back);
  }

  private CommitChain resume(TableSavepoint savepoint) {
    return CommitChain.resume(
        EventTable.find(catalog).orElseThrow(),
        UUID.randomUUID().toString(),
        savepoint.committer());
  }

  private void restore(TableSavepoint savepoint) {
    zombies.add(chain, zombieLinks());
    files.tearSome(random);
    CommitterState state = savepoint.committer();
    trace.note("RESTORE savepoint %d: %s".formatted(savepoint.id(), state.applied()));
    List<SimulatedTag> left = savepoint.leaves(batchLayer);
    begin(savepoint, left);
    chain = resume(savepoint);
    table = EventTable.find(catalog).orElseThrow();
    draft = Draft.after(state);
    draft.handOff(chain.handedOff());
    assertThat(chain.handedOff().stream().map(ClosedBatch::batch))
        .isEqualTo(left.stream().map(SimulatedTag::batch).toList());
    if (!left.isEmpty()) {
      counts.left.incrementAndGet();
      boolean dropped = chain.handoff().deleted() != BatchNumbers.NONE;
      job.handOff(left, new LastWindows(table, measures.rules(), shards()), dropped);
    }
    expected.checkRestored(table);
    check();
  }

  /** The job, and what is true of it, as at a savepoint that leaves some batches. */
  private void begin(TableSavepoint savepoint, List<SimulatedTag> left) {
    last = savepoint;
    hasOwnCheckpoint = false;
    pending.clear();
    waiting = new ArrayList<>(savepoint.waiting());
    smallChunks = new ArrayList<>(savepoint.smallChunks());
    begun = savepoint.committer().lineage();
    lineage = savepoint.lineage();
    closings = new TreeMap<>(savepoint.closings());
    left.forEach(tag -> closings.put(tag.batch(), batchLayer.link(tag.batch())));
    expected.goBack(savepoint, left);
    job.start(savepoint.cut(), false);
  }

  private Set<Integer> shards() {
    return IntStream.range(0, measures.table().shards()).boxed().collect(Collectors.toSet());
  }

  private List<Link> zombieLinks() {
    if (!draft.isEmpty()) {
      pending.add(draft.draw(chain.generation(), job.counted()));
    }
    return List.copyOf(pending);
  }

  private void startWithoutStateMustFail() {
    table.iceberg().refresh();
    if (!table.iceberg().currentSnapshot().summary().get("nova.step").equals("BIRTH")) {
      mustChangeNothing(
          "a start without state", () -> CommitChain.begin(table, UUID.randomUUID().toString()));
    }
  }

  private void mustChangeNothing(String what, Runnable act) {
    TableZombies.mustFailAndChangeNothing(what, EventTable.find(catalog).orElseThrow(), act);
  }
}
