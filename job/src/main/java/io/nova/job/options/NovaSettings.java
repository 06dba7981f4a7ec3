package io.nova.job.options;

import io.nova.event.mapping.Mapping;
import io.nova.iceberg.CatalogAddress;
import io.nova.iceberg.TableRules;
import io.nova.kafka.source.AcceptedGaps;
import io.nova.shard.BlockRules;
import java.io.Serial;
import java.io.Serializable;
import java.time.Duration;
import java.util.Set;

/**
 * The settings of the operators, serialized with the job graph. They come from the options and from
 * the rules that the table was created with.
 *
 * @param topic topic of the events
 * @param mapping place of each column in a message
 * @param catalog the warehouse and its catalog
 * @param shards number of shards
 * @param blockRules the rules of admission
 * @param batchLength upload time that one batch covers
 * @param fingerprintKey key of the table's fingerprints and payload digests, hexadecimal
 * @param stateTtl time on the machines' clocks after which state drops forgotten fingerprints
 * @param cacheBytes heap of one subtask for fingerprints of sealed blocks
 * @param memoryBudgetBytes heap of one subtask for blocks and fingerprints, including the cache
 * @param ledger whether every dropped duplicate is written to the ledger
 * @param admitted whether and how admitted events go to a topic of their own
 * @param progressNotAfterMicros the greatest progress that is possible, microseconds since 1970;
 *     {@link Long#MAX_VALUE} for any
 * @param partitions Kafka partitions that count for the slowest partition
 * @param acceptedGaps the offsets that the job may go on without
 * @param chunkTargetBytes size of the block files that make a chunk
 * @param chunkMaxWait machine time after which smaller block files make a chunk
 * @param chunkSortBytes size of the rows that are sorted together
 * @param handoff how batches close and leave
 * @param lifecycle how long snapshots and files stay
 * @param live how live views are served
 */
public record NovaSettings(
    String topic,
    Mapping mapping,
    CatalogAddress catalog,
    int shards,
    BlockRules blockRules,
    Duration batchLength,
    String fingerprintKey,
    Duration stateTtl,
    long cacheBytes,
    long memoryBudgetBytes,
    boolean ledger,
    AdmittedSettings admitted,
    long progressNotAfterMicros,
    Set<Integer> partitions,
    AcceptedGaps acceptedGaps,
    long chunkTargetBytes,
    Duration chunkMaxWait,
    int chunkSortBytes,
    HandoffSettings handoff,
    LifecycleSettings lifecycle,
    LiveSettings live)
    implements Serializable {
  @Serial private static final long serialVersionUID = 1;

  /**
   * The settings for a table.
   *
   * @param table the rules that the table was created with; they win over the options
   * @param partitions the partitions of the topic that are not retired
   */
  public static NovaSettings of(
      CheckedOptions options, Mapping mapping, TableRules table, Set<Integer> partitions) {
    return new NovaSettings(
        options.get(NovaOptions.TOPIC),
        mapping,
        options.catalog(),
        table.shards(),
        options.blockRules(table.blockInterval()),
        table.batchLength(),
        table.fingerprintKey().hex(),
        options.stateTtl(),
        options.get(NovaOptions.CACHE_SIZE).getBytes(),
        options.get(NovaOptions.MEMORY_BUDGET).getBytes(),
        options.get(NovaOptions.LEDGER),
        options.admitted(),
        options.progressNotAfterMicros(),
        partitions,
        options.acceptedGaps(),
        options.get(NovaOptions.CHUNK_TARGET_SIZE).getBytes(),
        options.get(NovaOptions.CHUNK_MAX_WAIT),
        Math.toIntExact(options.get(NovaOptions.CHUNK_SORT_SIZE).getBytes()),
        HandoffSettings.of(options),
        LifecycleSettings.of(options),
        options.live());
  }

  /** The batch of a block interval. A batch is a multiple of it, so a block has one batch. */
  public long batchOf(long interval) {
    return Math.floorDiv(interval, batchBlocks());
  }

  /** The first block interval after a batch. */
  public long firstIntervalAfter(long batch) {
    return (batch + 1) * batchBlocks();
  }

  private long batchBlocks() {
    return batchLength.toMillis() / blockRules.interval().toMillis();
  }
}
