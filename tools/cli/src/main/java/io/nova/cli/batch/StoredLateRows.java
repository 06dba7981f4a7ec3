package io.nova.cli.batch;

import io.nova.cli.process.CommandException;
import io.nova.event.row.EventSchema;
import io.nova.iceberg.CatalogAddress;
import io.nova.iceberg.LateRowTable;
import io.nova.iceberg.commit.TagRows;
import io.nova.kafka.batches.client.BatchAudit.Rows;
import io.nova.kafka.batches.client.LateEvent;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.iceberg.data.Record;

/**
 * The late events that an earlier run has added to a batch. The rejected topic may have dropped
 * them since.
 *
 * @param pinned the batch
 * @param catalog where the tables of the batch layer are
 */
record StoredLateRows(PinnedBatch pinned, CatalogAddress catalog) {
  private static final String[] PLACE = {
    EventSchema.KAFKA_TOPIC,
    EventSchema.KAFKA_PARTITION,
    EventSchema.KAFKA_OFFSET,
    EventSchema.KAFKA_INDEX
  };

  /**
   * Checks that each of them is still listed, or is in the tag now.
   *
   * @param listed the late events on the rejected topic
   * @throws CommandException if this run would lose one
   */
  void mustBeAmong(List<LateEvent> listed) {
    Set<List<Object>> lost = new HashSet<>();
    LateRowTable.find(catalog)
        .ifPresent(rows -> read(BatchLayerRows.of(rows.iceberg(), pinned.batch()), lost::add));
    listed.forEach(
        late -> lost.remove(List.of(late.topic(), late.partition(), late.offset(), late.index())));
    TagRows tag = new TagRows(pinned.events().iceberg(), pinned.batch());
    if (!lost.isEmpty() && tag.exist()) {
      read(tag::forEach, lost::remove);
    }
    if (!lost.isEmpty()) {
      throw new CommandException(
          "Batch %s: an earlier run has added %,d late events that the rejected topic no longer has, such as %s. This run would remove them. Run it with --without-late: it leaves the late events of the earlier run. Nothing was done."
              .formatted(pinned.name(), lost.size(), lost.iterator().next()));
    }
  }

  private static void read(Rows rows, Consumer<List<Object>> each) {
    rows.forEach(row -> each.accept(place(row)), PLACE);
  }

  private static List<Object> place(Record row) {
    return Arrays.stream(PLACE).map(row::getField).toList();
  }
}
