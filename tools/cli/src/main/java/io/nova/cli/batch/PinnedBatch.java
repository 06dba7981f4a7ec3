package io.nova.cli.batch;

import io.nova.handoff.BatchName;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.commit.BatchTags;
import io.nova.iceberg.commit.TagRows;
import io.nova.kafka.batches.client.BatchAudit;

/**
 * The batch of a run as it was when the run began. Its tag may move later; the rows that were read
 * and the link that is completed still belong together.
 *
 * @param events the event table, which is not loaded again
 * @param batch the number of a batch with a tag
 */
record PinnedBatch(EventTable events, long batch) {
  String name() {
    return BatchName.of(batch, events.rules().batchLength());
  }

  String tag() {
    return BatchTags.name(batch);
  }

  private TagRows rows() {
    return new TagRows(events.iceberg(), batch);
  }

  /** UUID of the link that closed the batch. */
  String link() {
    return rows().link().orElseThrow();
  }

  /** The snapshot that the tag names. */
  long snapshotId() {
    return rows().snapshot().orElseThrow().snapshotId();
  }

  BatchAudit.Result audit() {
    return BatchAudit.of(rows()::forEach);
  }
}
