package io.nova.cli.batch;

import io.nova.event.RowIdentity;
import io.nova.iceberg.BatchTable;
import io.nova.iceberg.CatalogAddress;
import io.nova.iceberg.LateRowTable;
import io.nova.iceberg.TableRules;
import io.nova.iceberg.commit.HandoffProperties;
import io.nova.iceberg.commit.TagRows;
import io.nova.kafka.batches.client.BatchAudit.Rows;
import io.nova.kafka.batches.client.LateChoice;
import io.nova.kafka.batches.client.LateEvent;
import io.nova.kafka.batches.client.LateRow;
import io.nova.kafka.batches.client.LateRowReader;
import java.util.List;
import java.util.function.Consumer;
import org.apache.iceberg.Table;

/**
 * The late events of one batch, as rows for the batch layer.
 *
 * <p>Their neighbors are the batches within the dedup window: a row of these may be a copy. The
 * batch layer has the rows of a completed neighbor, the tag those of a closed one, and the table
 * those of an open one. Rows of an open batch that are not in the table yet do not count.
 *
 * @param pinned the batch
 * @param catalog where the tables of the batch layer are
 * @param reader by the rules of the job
 */
record LateRows(PinnedBatch pinned, CatalogAddress catalog, LateRowReader reader) {
  private static final String[] COLUMNS = RowIdentity.COLUMNS.toArray(String[]::new);

  /**
   * Chooses the late events that the batch layer adds.
   *
   * @param late events whose bytes are known
   * @throws IllegalArgumentException if the mapping finds no event in one of them
   */
  List<LateRow> choose(List<LateEvent> late) {
    List<LateRow> offered = late.stream().map(reader::read).toList();
    LateChoice choice = new LateChoice(offered);
    if (!offered.isEmpty()) {
      LateRowTable.find(catalog)
          .ifPresent(rows -> read(neighbors(rows.iceberg(), offered), choice::noteLate));
      for (long batch = first(offered); batch <= last(offered); batch++) {
        noteAdmitted(batch, choice);
      }
    }
    return choice.chosen();
  }

  private void noteAdmitted(long batch, LateChoice choice) {
    Table events = pinned.events().iceberg();
    TagRows tag = new TagRows(events, batch);
    if (tag.exist()) {
      read(tag::forEach, choice::noteAdmitted);
    } else if (batch > pinned.batch()) {
      read(BatchLayerRows.of(events, batch), choice::noteAdmitted);
    }
    if (batch != pinned.batch() && HandoffProperties.of(events.properties()).isCompleted(batch)) {
      BatchTable.find(catalog)
          .ifPresent(rows -> read(BatchLayerRows.of(rows, batch), choice::noteAdmitted));
    }
  }

  private void read(Rows rows, Consumer<LateRowReader.Stored> each) {
    rows.forEach(row -> reader.stored(row::getField).ifPresent(each), COLUMNS);
  }

  private BatchLayerRows neighbors(Table table, List<LateRow> offered) {
    return BatchLayerRows.around(table, pinned.batch(), first(offered), last(offered));
  }

  private long first(List<LateRow> offered) {
    return batchOf(offered.stream().mapToLong(LateRow::firstInterval).min().orElseThrow());
  }

  private long last(List<LateRow> offered) {
    return batchOf(offered.stream().mapToLong(LateRow::lastInterval).max().orElseThrow());
  }

  private long batchOf(long interval) {
    TableRules rules = pinned.events().rules();
    return rules.batchOf(rules.startMicros(interval));
  }
}
