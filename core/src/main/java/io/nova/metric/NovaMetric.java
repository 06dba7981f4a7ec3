package io.nova.metric;

import static io.nova.metric.MetricPlace.BLOCKS;
import static io.nova.metric.MetricPlace.COMMITTER;
import static io.nova.metric.MetricPlace.ENUMERATOR;
import static io.nova.metric.MetricPlace.HANDOFF;
import static io.nova.metric.MetricPlace.INTAKE;
import static io.nova.metric.MetricPlace.READER;
import static io.nova.metric.MetricPlace.SOURCE;

/**
 * Every metric that Nova registers. Code registers by this list, the page of metrics is made from
 * it, and a test compares it with a running job.
 *
 * <p>Numbers that only grow are counters, named as Flink's own: {@code numEventsAdmitted}. Numbers
 * that go up and down are gauges.
 */
public enum NovaMetric {
  /** Messages read. */
  RECEIVED(INTAKE, "nova.numEventsReceived", true, "messages", "read from Kafka"),

  /** Messages rejected before they reach a shard. */
  REJECTED_BY_INTAKE(
      INTAKE,
      "nova.reason.REASON.numEventsRejected",
      true,
      "messages",
      "rejected by the source; [rejection reasons](../reference/rejection-reasons.md) has the"
          + " reasons"),

  /** Messages rejected by a shard. */
  REJECTED_BY_SHARD(
      BLOCKS,
      "nova.reason.REASON.numEventsRejected",
      true,
      "messages",
      "rejected by a shard: `too_late`, `conflicting`, `unknown`, `batch_closed`, `handed_off`"),

  /** Events admitted. */
  ADMITTED(BLOCKS, "nova.numEventsAdmitted", true, "events", "admitted"),

  /** Copies dropped. */
  DUPLICATES(BLOCKS, "nova.numDuplicates", true, "messages", "dropped as duplicates"),

  /** Open blocks in memory. */
  OPEN_BLOCKS(BLOCKS, "nova.openBlocks", false, "blocks", "open blocks in memory"),

  /** The frontier. */
  FRONTIER(
      BLOCKS,
      "nova.frontierMicros",
      false,
      "microseconds since 1970",
      "the frontier, in upload time; the least 64-bit number before it is known"),

  /** Memory in use. */
  MEMORY_USED(
      BLOCKS, "nova.memoryUsedBytes", false, "bytes", "open blocks, fingerprints and cache"),

  /** The memory ceiling. */
  MEMORY_BUDGET(BLOCKS, "nova.memoryBudgetBytes", false, "bytes", "`nova.memory.budget`"),

  /** The stage of memory pressure. */
  MEMORY_PRESSURE(
      BLOCKS,
      "nova.memoryPressure",
      false,
      "0 to 3",
      "0 none, 1 rows leave the heap, 2 blocks are sealed early, 3 intake slows down"),

  /** The partition that keeps old fingerprints in state. */
  FINGERPRINTS_HELD_BY(
      BLOCKS,
      "nova.fingerprintsHeldByPartition",
      false,
      "partition",
      "the Kafka partition that holds fingerprints in state, since it lags by more than the"
          + " lateness limit; -1 for none"),

  /** Whether the live view is served. */
  LIVE_SERVED(
      BLOCKS,
      "nova.liveServed",
      false,
      "0 or 1",
      "1 while the subtask serves its live view; missing with `nova.live=false`"),

  /** The last ordered close. */
  CLOSED_BATCH(
      HANDOFF,
      "nova.closedBatch",
      false,
      "batch number",
      "the close of all batches up to this one is ordered; -1 before any"),

  /** The partition that holds a close. */
  CLOSE_HELD_BY(
      HANDOFF,
      "nova.closeHeldByPartition",
      false,
      "partition",
      "the Kafka partition that holds the close of a batch which the fastest partition has passed"
          + " by `nova.batch.close-delay`; -1 for none"),

  /** The batch whose close is held. */
  CLOSE_HELD_BATCH(
      HANDOFF,
      "nova.closeHeldBatch",
      false,
      "batch number",
      "the oldest batch that this partition holds; -1 for none"),

  /** Block files handed to the table. */
  BLOCK_FILES(
      COMMITTER,
      "nova.numBlockFilesWritten",
      true,
      "files",
      "block files that a checkpoint has handed to the table"),

  /** Chunks handed to the table. */
  CHUNKS(
      COMMITTER,
      "nova.numChunksWritten",
      true,
      "files",
      "chunks that a checkpoint has handed to the table"),

  /** The age of the oldest file that is not in the table. */
  NOT_COMMITTED(
      COMMITTER,
      "nova.notCommittedSeconds",
      false,
      "seconds",
      "the time since the oldest file that is not in the table reached the committer; 0 for none"),

  /** The last closed batch. */
  TAGGED_BATCH(
      COMMITTER,
      "nova.taggedBatch",
      false,
      "batch number",
      "the greatest batch with a closing link; -1 before any"),

  /** The last completed batch. */
  COMPLETED_BATCH(
      COMMITTER,
      "nova.completedBatch",
      false,
      "batch number",
      "the batch layer answers up to this batch; -1 before any"),

  /** The last removed batch. */
  DELETED_BATCH(
      COMMITTER,
      "nova.deletedBatch",
      false,
      "batch number",
      "files of the batches up to this one were removed; -1 before any"),

  /** Closed batches that wait for the batch layer. */
  CLOSED_NOT_COMPLETED(
      COMMITTER,
      "nova.closedNotCompleted",
      false,
      "batches",
      "closed batches that the batch layer has not completed"),

  /** How long the oldest of them waits. */
  CLOSED_NOT_COMPLETED_SECONDS(
      COMMITTER,
      "nova.closedNotCompletedSeconds",
      false,
      "seconds",
      "the time since the oldest of them was closed; 0 for none"),

  /** How long the disk lasts. */
  DISK_DAYS_LEFT(
      COMMITTER,
      "nova.diskDaysLeft",
      false,
      "days",
      "free bytes over the bytes of the last closed batch, after the last run of the lifecycle"
          + " task; -1 before any, before the first close, and where the store does not say what"
          + " is free"),

  /** Files that a merge has not replaced. */
  UNMERGED_FILES(
      COMMITTER,
      "nova.unmergedFiles",
      false,
      "files",
      "block files and small chunks that no chunk has replaced"),

  /** Snapshots of the table. */
  SNAPSHOTS(
      COMMITTER,
      "nova.snapshots",
      false,
      "snapshots",
      "retained snapshots after the last run of the lifecycle task; 0 before any"),

  /** The size of the metadata. */
  METADATA_BYTES(
      COMMITTER,
      "nova.metadataBytes",
      false,
      "bytes",
      "size of the table's metadata file after that run; 0 before any"),

  /** Whether the policy file is refused. */
  POLICY_REFUSED(
      SOURCE,
      "deserializer.policyRefused",
      false,
      "0 or 1",
      "1 while the policy file is broken or missing, or has a window larger than"
          + " `nova.dedup.largest-window`"),

  /** Whether the schema registry is away. */
  REGISTRY_AWAY(
      SOURCE,
      "deserializer.registryAway",
      false,
      "0 or 1",
      "1 while the schema registry does not answer and the source waits; missing without a"
          + " registry"),

  /** The snapshot of a query. */
  SNAPSHOT_ID(
      ENUMERATOR, "nova.snapshotId", false, "id", "the Iceberg snapshot that the query reads"),

  /** Files of a query. */
  FILES_PLANNED(ENUMERATOR, "nova.filesPlanned", false, "files", "data files to read"),

  /** Files that a query leaves out. */
  FILES_SKIPPED(ENUMERATOR, "nova.filesSkipped", false, "files", "data files ruled out"),

  /** Manifests that a query leaves out. */
  MANIFESTS_SKIPPED(ENUMERATOR, "nova.manifestsSkipped", false, "manifests", "manifests ruled out"),

  /** Shards without an answer. */
  KEY_GROUPS_MISSING(
      ENUMERATOR,
      "nova.keyGroupsMissing",
      false,
      "shards",
      "shards without an answer; above 0 only with `completeness` = `available`"),

  /** Files opened. */
  FILES_READ(READER, "nova.filesRead", true, "files", "files opened"),

  /** Requests to live servers. */
  VIEWS_READ(READER, "nova.viewsRead", true, "requests", "requests for rows of live views"),

  /** Row groups read. */
  ROW_GROUPS_READ(READER, "nova.rowGroupsRead", true, "row groups", "Parquet row groups read"),

  /** Row groups left out. */
  ROW_GROUPS_SKIPPED(
      READER, "nova.rowGroupsSkipped", true, "row groups", "Parquet row groups ruled out");

  private static final String REASON = "reason.REASON.";

  private final MetricPlace place;
  private final String path;
  private final boolean counter;
  private final String unit;
  private final String meaning;

  NovaMetric(MetricPlace place, String path, boolean counter, String unit, String meaning) {
    this.place = place;
    this.path = path;
    this.counter = counter;
    this.unit = unit;
    this.meaning = meaning;
  }

  /** Where it is registered. */
  public MetricPlace place() {
    return place;
  }

  /** Its groups below the operator and its name, with dots; REASON stands for a reason. */
  public String path() {
    return path;
  }

  /** Its name within its group, by which it is registered. */
  public String shortName() {
    return path.substring(path.lastIndexOf('.') + 1);
  }

  /** Whether its number only grows. */
  public boolean counter() {
    return counter;
  }

  /** What is counted. */
  public String unit() {
    return unit;
  }

  /** What it means, in Markdown. */
  public String meaning() {
    return meaning;
  }

  /** Its name in Prometheus. A reason is a label there and no part of the name. */
  public String prometheusName() {
    String name = path.replace(REASON, "reason.");
    return place.prometheusPrefix() + name.replace('.', '_');
  }
}
