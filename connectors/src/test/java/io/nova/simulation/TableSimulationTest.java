package io.nova.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.handoff.BatchNumbers;
import io.nova.iceberg.BlockFileWriter;
import io.nova.iceberg.Chunk;
import io.nova.iceberg.ChunkWriter;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.Storage;
import io.nova.iceberg.commit.ClosedBatches;
import io.nova.iceberg.commit.CommitChain;
import io.nova.iceberg.commit.CommitterState;
import io.nova.iceberg.commit.Draft;
import io.nova.iceberg.commit.Link;
import io.nova.iceberg.commit.TableHandoff;
import io.nova.shard.BlockFile;
import io.nova.shard.SealedBlock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Snapshot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commit chain over a real table: block files, chunks, crashes between any two steps, older
 * savepoints, zombies, torn files. docs/internals/testing.md says how to run one seed.
 */
class TableSimulationTest {
  private static final int SEEDS = 7;
  private static final int MESSAGES = 120;

  @TempDir private Path folder;
  private final AtomicInteger zombies = new AtomicInteger();
  private final AtomicInteger chunks = new AtomicInteger();
  private final AtomicInteger oldSavepoints = new AtomicInteger();
  private final AtomicInteger closes = new AtomicInteger();
  private final AtomicInteger removals = new AtomicInteger();

  @Test
  void tableIsAFunctionOfTheCheckpointThroughCrashesZombiesAndOldSavepoints() {
    Seeds.run(
        SEEDS,
        (seed, trace) -> {
          Measures measures = Measures.draw(seed, MESSAGES).withBatchesOf(1 + (int) (seed % 4));
          new World(measures, Topic.draw(measures, seed), seed, trace).run();
        });
    if (Seeds.asByDefault()) {
      assertThat(
              List.of(
                  zombies.get(), chunks.get(), oldSavepoints.get(), closes.get(), removals.get()))
          .allMatch(count -> count > 3);
    }
  }

  /** A savepoint, and the rows that were sealed and the batch that was closed at that moment. */
  private record Savepoint(
      SimulatedJob.Cut cut,
      List<BlockFile> waiting,
      String committerState,
      Set<SimulatedMessage> sealed,
      long closedUpTo) {
    CommitterState committer() {
      return CommitterState.read(committerState.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** A committer of an earlier run that is still alive. */
  private record Zombie(CommitChain chain, List<Link> pending) {}

  private final class World implements SimulatedShards.Sealed {
    private final Measures measures;
    private final Random random;
    private final Trace trace;
    private final Rows rows;
    private final SimulatedJob job;
    private final TableContent content;
    private final BatchLayer batchLayer;
    private final String warehouse;
    private final BlockFileWriter blockFiles;
    private final ChunkWriter chunkWriter;
    private final int mergedTogether;
    private final List<Savepoint> savepoints = new ArrayList<>();
    private final ArrayDeque<Zombie> alive = new ArrayDeque<>();
    private final Map<String, List<SimulatedMessage>> messagesByFile = new HashMap<>();
    private final Set<Long> checkedSnapshots = new HashSet<>();

    private EventTable table;
    private CommitChain chain;
    private Draft draft;
    private final ArrayDeque<Link> pending = new ArrayDeque<>();
    private List<BlockFile> waiting = new ArrayList<>();
    private Set<SimulatedMessage> sealed = new HashSet<>();
    private Set<SimulatedMessage> committed = new HashSet<>();
    private long closedUpTo = BatchNumbers.NONE;

    World(Measures measures, Topic topic, long seed, Trace trace) {
      this.measures = measures;
      this.random = new Random(seed);
      this.trace = trace;
      this.rows = new Rows(topic);
      this.job = new SimulatedJob(measures, topic, random, trace, this);
      this.content = new TableContent(topic);
      this.batchLayer = new BatchLayer(content, random, trace);
      this.warehouse = folder.resolve("warehouse " + seed).toString();
      this.table = EventTable.findOrCreate(warehouse, measures.table());
      Configuration hadoop = Storage.configuration();
      this.blockFiles = new BlockFileWriter(hadoop, table.dataFolder(), measures.rules());
      this.chunkWriter = new ChunkWriter(hadoop, table.dataFolder(), 2000);
      this.mergedTogether = 1 + random.nextInt(3);
    }

    void run() {
      job.start(job.beginning(), false);
      chain = CommitChain.begin(table, UUID.randomUUID().toString());
      draft = Draft.first(chain.head(), measures.table().shards());
      int restores = 10;
      while (!job.hasReadAll()) {
        for (int i = 0; i < 8; i++) {
          job.step();
        }
        merge();
        if (random.nextInt(4) == 0) {
          close();
        }
        for (int i = random.nextInt(4); i > 0; i--) {
          batchLayer.act(table, chain);
        }
        check();
        if (random.nextInt(2) == 0) {
          checkpoint();
        }
        if (restores > 0
            && !savepoints.isEmpty()
            && random.nextInt(pending.isEmpty() ? 9 : 4) == 0) {
          restores--;
          restore();
        }
        if (!alive.isEmpty() && random.nextInt(3) == 0) {
          zombieTries();
        }
      }
      checkpoint();
      job.drain();
      waiting.stream().map(BlockFile::batchNumber).distinct().toList().forEach(this::mergeAll);
      checkpoint();
      while (!pending.isEmpty()) {
        applyAll();
      }
      assertThat(committed).isEqualTo(Rows.admitted(job.outcomes()));
      check();
      removals.addAndGet(batchLayer.removals());
      long listed = ClosedBatches.of(table.iceberg().currentSnapshot()).greatest();
      assertThat(Math.max(listed, chain.handoff().deleted()))
          .as("every close gets its link")
          .isEqualTo(closedUpTo);
    }

    /** Closes a batch. The committer may learn of it before any shard. */
    private void close() {
      job.close()
          .ifPresent(
              batch -> {
                closedUpTo = Math.max(closedUpTo, batch);
                draft.close(batch, "ops");
              });
    }

    @Override
    public void upTo(int shard, long batch) {
      draft.sealed(shard, batch);
    }

    @Override
    public void blocks(long interval, List<SealedBlock> blocks) {
      long batch = measures.table().batchOf(measures.rules().startMicros(interval));
      BlockFile file = blockFiles.write(interval, batch, blocks);
      List<SimulatedMessage> inside = new ArrayList<>();
      blocks.forEach(block -> rows.of(block).forEach(row -> inside.add(row.message())));
      messagesByFile.put(file.path(), inside);
      content.written(file);
      sealed.addAll(inside);
      draft.add(file);
      waiting.add(file);
    }

    private void merge() {
      Map<Long, List<BlockFile>> byBatch = new TreeMap<>();
      waiting.forEach(f -> byBatch.computeIfAbsent(f.batchNumber(), b -> new ArrayList<>()).add(f));
      byBatch.forEach(
          (batch, files) -> {
            boolean closed = batch <= closedUpTo;
            if ((closed || files.size() >= mergedTogether) && random.nextInt(3) == 0) {
              merge(batch, closed ? files : files.subList(0, mergedTogether));
            }
          });
    }

    private void mergeAll(long batch) {
      merge(batch, waiting.stream().filter(file -> file.batchNumber() == batch).toList());
    }

    private void merge(long batch, List<BlockFile> files) {
      Chunk chunk = chunkWriter.merge(batch, files);
      trace.note("CHUNK of " + files.size() + " block files of batch " + batch);
      content.written(chunk);
      List<SimulatedMessage> merged = new ArrayList<>();
      files.forEach(file -> merged.addAll(messagesByFile.get(file.path())));
      messagesByFile.put(chunk.path(), merged);
      waiting.removeAll(List.copyOf(files));
      draft.add(chunk);
      chunks.incrementAndGet();
    }

    private void checkpoint() {
      SimulatedJob.Cut cut = job.checkpoint();
      if (!draft.isEmpty()) {
        pending.add(draft.draw(chain.generation(), job.counted(), offsets(cut)));
      }
      String committer =
          new String(
              draft.state(chain.head(), List.copyOf(pending)).write(), StandardCharsets.UTF_8);
      savepoints.add(
          new Savepoint(cut, List.copyOf(waiting), committer, Set.copyOf(sealed), closedUpTo));
      List<SimulatedMessage> open = new ArrayList<>();
      cut.states().forEach(s -> rows.inLog(s).forEach(row -> open.add(row.message())));
      Set<SimulatedMessage> notYet = new HashSet<>(sealed);
      notYet.removeAll(committed);
      TableInvariants.invariant4EveryAdmittedEventIsInOnePlace(
          batchLayer.rows(), content.visible(table), notYet, open, Rows.admitted(cut.outcomes()));
      if (random.nextInt(10) < 4) {
        applyAll();
      }
    }

    private static Map<Integer, Long> offsets(SimulatedJob.Cut cut) {
      Map<Integer, Long> offsets = new TreeMap<>();
      for (int partition = 0; partition < cut.positions().size(); partition++) {
        offsets.put(partition, (long) cut.positions().get(partition));
      }
      return offsets;
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
      if (random.nextInt(5) == 0) {
        chain.apply(link);
      }
      link.blockFiles().forEach(file -> committed.addAll(messagesByFile.get(file.path())));
      check();
    }

    private void check() {
      table.iceberg().refresh();
      TableInvariants.invariant4TableAndBatchLayerHoldTheCommittedOnce(
          content, table, batchLayer.rows(), committed);
      TableInvariants.invariant6CompletedNumberIsTheBatchLayers(table.iceberg(), batchLayer);
      TableInvariants.invariant4SnapshotsNameTheSequencesTheyHold(
          content, table.iceberg(), checkedSnapshots);
      TableInvariants.invariant5NoLinkIsAppliedTwice(table.iceberg());
      closes.addAndGet(
          ClosedBatches.of(table.iceberg().currentSnapshot()).batches().isEmpty() ? 0 : 1);
      TableInvariants.invariant6TagHasTheAdmittedRowsOfItsBatch(
          measures, content, table.iceberg(), Rows.admitted(job.outcomes()));
      TableInvariants.invariant6ClosedNumberNeverFalls(table.iceberg());
      TableInvariants.invariant6BatchFollowsFromTheUploadTime(measures, table.iceberg(), content);
      for (DataFile file : TableContent.files(table.iceberg(), table.iceberg().currentSnapshot())) {
        TableInvariants.invariant6ChunkHasTheRowsOfItsBlockFiles(
            content.messages(table.iceberg(), file), messagesByFile.get(file.location()));
      }
    }

    /** Restores the last checkpoint mostly; else an older one, perhaps of an abandoned branch. */
    private void restore() {
      List<Savepoint> allowed = savepoints.stream().filter(this::mayBeRestored).toList();
      if (allowed.isEmpty()) {
        return;
      }
      if (!draft.isEmpty()) {
        pending.add(draft.draw(chain.generation(), job.counted()));
      }
      alive.add(new Zombie(chain, List.copyOf(pending)));
      tornFile();
      int back = random.nextInt(10) < 6 ? 1 : 1 + random.nextInt(Math.min(8, allowed.size()));
      oldSavepoints.addAndGet(back > 1 ? 1 : 0);
      Savepoint savepoint = allowed.get(allowed.size() - back);
      startWithoutStateMustFail();
      CommitterState state = savepoint.committer();
      table = EventTable.find(warehouse).orElseThrow();
      trace.note("RESTORE " + back + " back: " + state.applied() + ", " + state.pending().size());
      pending.clear();
      waiting = new ArrayList<>(savepoint.waiting);
      sealed = new HashSet<>(savepoint.sealed);
      committed = new HashSet<>(savepoint.sealed);
      closedUpTo = savepoint.closedUpTo;
      job.start(savepoint.cut, false);
      chain = CommitChain.resume(table, UUID.randomUUID().toString(), state);
      draft = Draft.after(state);
      TableInvariants.invariant5RestoredTableIsWhatItsSavepointKnew(
          content, table, batchLayer.rows(), committed);
      check();
    }

    /** Whether a savepoint has closed the completed batch by the link that was completed. */
    private boolean mayBeRestored(Savepoint savepoint) {
      long completed = batchLayer.completed();
      if (completed == BatchNumbers.NONE) {
        return true;
      }
      String link = chain.handoff().batch(completed).orElseThrow().link();
      return savepoint.committer().known().stream()
          .filter(known -> known.batch() >= completed)
          .findFirst()
          .filter(known -> known.link().equals(link))
          .isPresent();
    }

    private void startWithoutStateMustFail() {
      table.iceberg().refresh();
      Snapshot before = table.iceberg().currentSnapshot();
      if (before.summary().get("nova.step").equals("BIRTH")) {
        return;
      }
      mustFail(
          "a start without state", () -> CommitChain.begin(table, UUID.randomUUID().toString()));
      table.iceberg().refresh();
      assertThat(table.iceberg().currentSnapshot()).isEqualTo(before);
    }

    /** Invariant 5: a writer of an earlier generation changes nothing, and fails. */
    private void zombieTries() {
      Zombie zombie = alive.remove();
      mustFail(
          "invariant 5: a zombie's removal",
          () -> new TableHandoff(zombie.chain).remove(Instant.now(), Duration.ZERO));
      if (zombie.pending.isEmpty()) {
        return;
      }
      zombies.incrementAndGet();
      table.iceberg().refresh();
      Snapshot before = table.iceberg().currentSnapshot();
      trace.note("ZOMBIE tries " + zombie.pending.get(0).uuid());
      mustFail("invariant 5: a zombie's commit", () -> zombie.chain.apply(zombie.pending.get(0)));
      table.iceberg().refresh();
      if (!table.iceberg().currentSnapshot().equals(before)) {
        throw new AssertionError("invariant 5: a zombie changed the table");
      }
    }

    private static void mustFail(String what, Runnable act) {
      try {
        act.run();
      } catch (IllegalStateException expected) {
        return;
      }
      throw new AssertionError(what + " must fail");
    }

    /** Leaves half a file, as a crash in the middle of a write does. */
    private void tornFile() {
      for (String path : List.copyOf(messagesByFile.keySet())) {
        if (random.nextInt(40) == 0) {
          try {
            Path whole = Path.of(path.replaceFirst("^file:", ""));
            byte[] bytes = Files.readAllBytes(whole);
            Files.write(
                whole.resolveSibling("torn-" + random.nextInt() + "-" + whole.getFileName()),
                Arrays.copyOf(bytes, bytes.length / 2));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      }
    }
  }
}
