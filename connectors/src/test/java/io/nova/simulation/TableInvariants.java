package io.nova.simulation;

import io.nova.iceberg.EventTable;
import io.nova.iceberg.commit.ClosedBatch;
import io.nova.iceberg.commit.ClosedBatches;
import io.nova.iceberg.commit.HandoffProperties;
import io.nova.iceberg.commit.Sequences;
import io.nova.shard.BlockFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.util.SnapshotUtil;

/** The invariants of docs/internals/invariants.md that hold for the table, by name. */
final class TableInvariants {
  private TableInvariants() {}

  /**
   * Invariant 4: the rows of the table and those of the batch layer are those of the links applied,
   * each once.
   */
  static void invariant4TableAndBatchLayerHoldTheCommittedOnce(
      TableContent content,
      EventTable table,
      Collection<SimulatedMessage> handedOff,
      Set<SimulatedMessage> committed) {
    List<SimulatedMessage> all = new ArrayList<>(handedOff);
    all.addAll(content.visible(table));
    mustBeOnce("invariant 4: table and batch layer", all, committed);
  }

  /**
   * Invariant 4: handed off, in the table, sealed but not committed, or open: every admitted event
   * is in one.
   */
  static void invariant4EveryAdmittedEventIsInOnePlace(
      Collection<SimulatedMessage> handedOff,
      List<SimulatedMessage> inTable,
      Collection<SimulatedMessage> sealed,
      List<SimulatedMessage> open,
      Set<SimulatedMessage> admitted) {
    List<SimulatedMessage> all = new ArrayList<>(handedOff);
    all.addAll(inTable);
    all.addAll(sealed);
    all.addAll(open);
    mustBeOnce("invariant 4: batch layer, table, sealed and open blocks", all, admitted);
  }

  /**
   * Invariant 5: a restore puts the table back to what its savepoint knew and is not handed off.
   */
  static void invariant5RestoredTableIsWhatItsSavepointKnew(
      TableContent content,
      EventTable table,
      Set<SimulatedMessage> handedOff,
      Set<SimulatedMessage> known) {
    Set<SimulatedMessage> expected = new HashSet<>(known);
    expected.removeAll(handedOff);
    mustBeOnce("invariant 5: the restored table", content.visible(table), expected);
  }

  private static void mustBeOnce(
      String where, List<SimulatedMessage> found, Set<SimulatedMessage> expected) {
    Set<SimulatedMessage> missing = new HashSet<>(expected);
    for (SimulatedMessage message : found) {
      if (!missing.remove(message)) {
        throw new AssertionError(
            where
                + " holds a row "
                + (expected.contains(message) ? "twice: " : "too many: ")
                + message);
      }
    }
    if (!missing.isEmpty()) {
      throw new AssertionError(where + " lacks " + missing.size() + " rows: " + missing);
    }
  }

  /** Invariant 5: along the table's history no link was applied twice. */
  static void invariant5NoLinkIsAppliedTwice(Table table) {
    Map<String, Integer> applied = new HashMap<>();
    for (Snapshot snapshot : SnapshotUtil.currentAncestors(table)) {
      String step = snapshot.summary().get("nova.step");
      if (step.equals("APPEND") || step.equals("REWRITE")) {
        int times = applied.merge(snapshot.summary().get("nova.uuid") + step, 1, Integer::sum);
        if (times > 1) {
          throw new AssertionError("invariant 5: link applied twice: " + snapshot.summary());
        }
      }
    }
  }

  /**
   * What a snapshot says of its sequences is what its files hold, and no block is there twice.
   *
   * @param gone whether files of batches of the batch layer have been removed or dropped
   */
  static void invariant4SnapshotsNameTheSequencesTheyHold(
      TableContent content, Table table, boolean gone, Set<Long> checked) {
    for (Snapshot snapshot : SnapshotUtil.currentAncestors(table)) {
      if (!checked.add(snapshot.snapshotId())) {
        return;
      }
      Map<Integer, Long> stored = new HashMap<>();
      Set<List<Long>> seen = new HashSet<>();
      for (DataFile file : TableContent.files(table, snapshot)) {
        for (BlockFile.Block block : content.blocks(file.location())) {
          stored.merge(block.shard(), block.sequence(), Math::max);
          if (!seen.add(List.of((long) block.shard(), block.sequence()))) {
            throw new AssertionError("invariant 4: a sequence is there twice: " + block);
          }
        }
      }
      String text = snapshot.summary().get("nova.sequences");
      List<Long> named = Sequences.decode(text);
      for (int shard = 0; shard < named.size(); shard++) {
        long greatest = stored.getOrDefault(shard, 0L);
        boolean mayBeGone = gone && named.get(shard) > greatest;
        if (named.get(shard) != greatest && !mayBeGone) {
          throw new AssertionError(
              "invariant 4: a snapshot names sequences "
                  + named
                  + ", it has "
                  + stored
                  + ": "
                  + snapshot.summary().get("nova.step"));
        }
      }
      if (named.isEmpty() && !stored.isEmpty()) {
        throw new AssertionError("invariant 4: a snapshot names no sequences, it has " + stored);
      }
    }
  }

  /** Invariant 6: the completed number is that of the batch layer, which no restore changes. */
  static void invariant6CompletedNumberIsTheBatchLayers(Table table, BatchLayer batchLayer) {
    long completed = HandoffProperties.of(table.properties()).completed();
    if (completed != batchLayer.completed()) {
      throw new AssertionError(
          "invariant 6: completed up to %s, the batch layer has up to %s"
              .formatted(completed, batchLayer.completed()));
    }
  }

  /** Invariant 6: a chunk has the rows of its block files, which are of one batch. */
  static void invariant6ChunkHasTheRowsOfItsBlockFiles(
      List<SimulatedMessage> chunk, List<SimulatedMessage> merged) {
    mustBeOnce("invariant 6: the chunk", chunk, new HashSet<>(merged));
  }

  /** Invariant 6: the tag of a closed batch has the batch's admitted rows, and nothing else. */
  static void invariant6TagHasTheAdmittedRowsOfItsBatch(
      Measures measures, TableContent content, Table table, Set<SimulatedMessage> admitted) {
    HandoffProperties handoff = HandoffProperties.of(table.properties());
    for (ClosedBatch closed : ClosedBatches.of(table.currentSnapshot()).batches()) {
      if (closed.batch() <= handoff.deleted()) {
        continue;
      }
      Set<SimulatedMessage> expected = new HashSet<>(admitted);
      expected.removeIf(message -> measures.batchOf(message.uploadMicros()) != closed.batch());
      List<SimulatedMessage> tagged = content.tagged(table, closed.batch());
      mustBeOnce("invariant 6: the tag of batch " + closed.batch(), tagged, expected);
      HandoffProperties.Batch entry = handoff.batch(closed.batch()).orElseThrow();
      if (entry.rows() != expected.size() || !entry.link().equals(closed.link())) {
        throw new AssertionError("invariant 6: the table says " + entry + " of " + closed);
      }
    }
  }

  /** Invariant 6: a tag is of a completed batch, or of one that this branch has closed. */
  static void invariant6NoTagIsOfAnAbandonedBranch(Table table) {
    HandoffProperties handoff = HandoffProperties.of(table.properties());
    ClosedBatches here = ClosedBatches.of(table.currentSnapshot());
    for (HandoffProperties.Batch entry : handoff.batches()) {
      boolean ofBranch = here.link(entry.batch()).filter(entry.link()::equals).isPresent();
      if (!ofBranch && !handoff.isCompleted(entry.batch())) {
        throw new AssertionError("invariant 6: a tag of an abandoned branch: " + entry);
      }
    }
    long tags = table.refs().keySet().stream().filter(name -> name.startsWith("batch-")).count();
    if (tags != handoff.batches().size()) {
      throw new AssertionError(
          "invariant 6: tags %s, entries %s".formatted(table.refs().keySet(), handoff.batches()));
    }
  }

  /** Invariant 5: whatever a retained snapshot names is in the storage. */
  static void invariant5FilesOfRetainedSnapshotsAreThere(Table table) {
    Set<String> manifests = new HashSet<>();
    for (Snapshot snapshot : table.snapshots()) {
      for (ManifestFile manifest : snapshot.allManifests(table.io())) {
        if (manifests.add(manifest.path())) {
          mustBeThere(table, manifest);
        }
      }
    }
  }

  private static void mustBeThere(Table table, ManifestFile manifest) {
    try (CloseableIterable<String> paths =
        ManifestFiles.readPaths(manifest, table.io(), table.specs())) {
      for (String path : paths) {
        if (!table.io().newInputFile(path).exists()) {
          throw new AssertionError(
              "invariant 5: a retained snapshot names a removed file: " + path);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Invariant 6: along the table's history the closed number never falls, until it is removed. */
  static void invariant6ClosedNumberNeverFalls(Table table) {
    long deleted = HandoffProperties.of(table.properties()).deleted();
    long later = Long.MAX_VALUE;
    for (Snapshot snapshot : SnapshotUtil.currentAncestors(table)) {
      long closed = ClosedBatches.of(snapshot).greatest();
      if (closed > later && closed > deleted) {
        throw new AssertionError("invariant 6: closed up to %s, later %s".formatted(closed, later));
      }
      later = closed;
    }
  }

  /** Invariant 6: by upload time, not by when it was made. */
  static void invariant6BatchFollowsFromTheUploadTime(
      Measures measures, Table table, TableContent content) {
    for (DataFile file : TableContent.files(table, table.currentSnapshot())) {
      for (SimulatedMessage message : content.messages(table, file)) {
        long batch = measures.batchOf(message.uploadMicros());
        if (file.partition().get(0, Long.class) != batch) {
          throw new AssertionError(
              "invariant 6: batch " + batch + " expected of " + file.location());
        }
      }
    }
  }
}
