package io.nova.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.handoff.BatchNumbers;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.commit.ClosedBatches;
import io.nova.iceberg.commit.Link;
import io.nova.shard.Admission;
import io.nova.shard.BlockFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.DataFile;

/**
 * What the table and the batch layer must hold of a simulated job, and the checks that they do. A
 * savepoint takes it along.
 */
final class TableExpectation {
  private final Measures measures;
  private final Rows rows;
  private final TableContent content;
  private final SimulatedFiles files;
  private final BatchLayer batchLayer;
  private final Set<Long> checkedSnapshots = new HashSet<>();

  private Set<SimulatedMessage> sealed = new HashSet<>();
  private Set<SimulatedMessage> committed = new HashSet<>();
  private long closedUpTo = BatchNumbers.NONE;

  /** The last batch that a restore has left to the batch layer. */
  private long leftUpTo = BatchNumbers.NONE;

  TableExpectation(
      Measures measures,
      Rows rows,
      TableContent content,
      SimulatedFiles files,
      BatchLayer batchLayer) {
    this.measures = measures;
    this.rows = rows;
    this.content = content;
    this.files = files;
    this.batchLayer = batchLayer;
  }

  Set<SimulatedMessage> sealed() {
    return sealed;
  }

  long closedUpTo() {
    return closedUpTo;
  }

  long leftUpTo() {
    return leftUpTo;
  }

  void noteSealed(BlockFile file) {
    if (file.batchNumber() > leftUpTo) {
      sealed.addAll(files.in(file.path()));
    }
  }

  void noteCommitted(Link link) {
    files.addedBy(link).forEach(committed::add);
  }

  void noteClosed(long batch) {
    closedUpTo = Math.max(closedUpTo, batch);
  }

  /** Goes back to a savepoint that leaves some batches. */
  void goBack(TableSavepoint savepoint, List<SimulatedTag> left) {
    closedUpTo = savepoint.closedUpTo();
    leftUpTo = savepoint.leftUpTo();
    sealed = new HashSet<>(savepoint.sealed());
    for (SimulatedTag tag : left) {
      sealed.removeIf(message -> measures.batchOf(message.uploadMicros()) == tag.batch());
      sealed.addAll(tag.rows());
      leftUpTo = Math.max(leftUpTo, tag.batch());
      noteClosed(tag.batch());
    }
    committed = new HashSet<>(sealed);
  }

  /** The admitted rows: those of batches that were left are the batch layer's. */
  private Set<SimulatedMessage> admitted(Map<SimulatedMessage, Admission> outcomes) {
    Set<SimulatedMessage> admitted = Rows.admitted(outcomes);
    admitted.removeIf(this::isLeft);
    admitted.addAll(batchLayer.rowsUpTo(leftUpTo));
    return admitted;
  }

  private boolean isLeft(SimulatedMessage message) {
    return measures.batchOf(message.uploadMicros()) <= leftUpTo;
  }

  /** Checks a checkpoint: each admitted event is in one place. */
  void checkPlaces(EventTable table, SimulatedJob.Cut cut) {
    List<SimulatedMessage> open = new ArrayList<>();
    cut.states().forEach(s -> rows.inLog(s).forEach(row -> open.add(row.message())));
    open.removeIf(this::isLeft);
    Set<SimulatedMessage> notYet = new HashSet<>(sealed);
    notYet.removeAll(committed);
    TableInvariants.invariant4EveryAdmittedEventIsInOnePlace(
        batchLayer.rows(), content.visible(table), notYet, open, admitted(cut.outcomes()));
    Invariants.invariant4HandedOffIsWithTheBatchLayer(cut.outcomes(), batchLayer.tags());
    Map<SimulatedMessage, Admission> everywhere = new HashMap<>(cut.outcomes());
    everywhere.keySet().removeIf(this::isLeft);
    batchLayer.tags().stream()
        .filter(tag -> tag.batch() <= leftUpTo)
        .forEach(tag -> tag.rows().forEach(row -> everywhere.put(row, tag.outcomes().get(row))));
    Invariants.invariant3AdmittedCopiesLieApartAndDuplicatesHaveOne(everywhere);
  }

  /** Checks the table as it is now. */
  void check(EventTable table, Map<SimulatedMessage, Admission> outcomes) {
    table.iceberg().refresh();
    TableInvariants.invariant4TableAndBatchLayerHoldTheCommittedOnce(
        content, table, batchLayer.rows(), committed);
    TableInvariants.invariant6CompletedNumberIsTheBatchLayers(table.iceberg(), batchLayer);
    TableInvariants.invariant4SnapshotsNameTheSequencesTheyHold(
        content,
        table.iceberg(),
        leftUpTo != BatchNumbers.NONE || batchLayer.removals() > 0,
        checkedSnapshots);
    TableInvariants.invariant5NoLinkIsAppliedTwice(table.iceberg());
    TableInvariants.invariant6TagHasTheAdmittedRowsOfItsBatch(
        measures, content, table.iceberg(), admitted(outcomes));
    TableInvariants.invariant6NoTagIsOfAnAbandonedBranch(table.iceberg());
    TableInvariants.invariant6ClosedNumberNeverFalls(table.iceberg());
    TableInvariants.invariant6BatchFollowsFromTheUploadTime(measures, table.iceberg(), content);
    for (DataFile file : TableContent.files(table.iceberg(), table.iceberg().currentSnapshot())) {
      TableInvariants.invariant6ChunkHasTheRowsOfItsBlockFiles(
          content.messages(table.iceberg(), file), files.in(file.location()));
    }
  }

  /** Checks that a restored table is what its savepoint knew. */
  void checkRestored(EventTable table) {
    TableInvariants.invariant5RestoredTableIsWhatItsSavepointKnew(
        content, table, batchLayer.rows(), committed);
  }

  /** Checks the end: all that was admitted is committed, and every close has its link. */
  void checkEnd(EventTable table, long completed, Map<SimulatedMessage, Admission> outcomes) {
    assertThat(committed).isEqualTo(admitted(outcomes));
    check(table, outcomes);
    long listed = ClosedBatches.of(table.iceberg().currentSnapshot()).greatest();
    assertThat(Math.max(listed, completed)).as("every close gets its link").isEqualTo(closedUpTo);
  }
}
