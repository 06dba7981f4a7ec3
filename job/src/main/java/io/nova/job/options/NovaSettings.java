package io.nova.job.options;

import io.nova.event.mapping.Mapping;
import io.nova.iceberg.TableRules;
import io.nova.shard.BlockRules;
import java.io.Serial;
import java.io.Serializable;
import java.time.Duration;
import java.util.Set;

/**
 * What the operators need of the options, in a form that travels with the job graph.
 *
 * @param topic the events' topic
 * @param mapping where in a message the columns stand
 * @param warehouse folder of the Iceberg warehouse
 * @param shards number of shards
 * @param blockRules the measures of admission
 * @param batchLength length of a batch
 * @param fingerprintKey the key of the table's fingerprints and payload digests, hexadecimal
 * @param stateTtl backstop for forgotten fingerprints
 * @param cacheBytes heap for cold fingerprints
 * @param memoryBudgetBytes heap for blocks and fingerprints, the cache among it
 * @param ledger whether every dropped copy is written down
 * @param partitions the partitions that hold back what is too late
 * @param chunkBlockFiles how many block files make a chunk
 * @param chunkMaxWait how long, in upload time, a block file waits for others
 * @param chunkSortBytes rows sorted together
 * @param live how live views are served
 */
public record NovaSettings(
    String topic,
    Mapping mapping,
    String warehouse,
    int shards,
    BlockRules blockRules,
    Duration batchLength,
    String fingerprintKey,
    Duration stateTtl,
    long cacheBytes,
    long memoryBudgetBytes,
    boolean ledger,
    Set<Integer> partitions,
    int chunkBlockFiles,
    Duration chunkMaxWait,
    int chunkSortBytes,
    LiveSettings live)
    implements Serializable {
  @Serial private static final long serialVersionUID = 1;

  public static NovaSettings of(
      NovaOptions options, Mapping mapping, TableRules table, Set<Integer> partitions) {
    return new NovaSettings(
        options.get(NovaOptions.TOPIC),
        mapping,
        options.get(NovaOptions.WAREHOUSE),
        table.shards(),
        options.blockRules(table.blockInterval()),
        table.batchLength(),
        table.fingerprintKey().hex(),
        options.stateTtl(),
        options.get(NovaOptions.COLD_CACHE_MB) * 1024L * 1024,
        options.get(NovaOptions.MEMORY_BUDGET).getBytes(),
        options.get(NovaOptions.LEDGER),
        partitions,
        options.get(NovaOptions.CHUNK_BLOCK_FILES),
        options.get(NovaOptions.CHUNK_MAX_WAIT),
        options.get(NovaOptions.CHUNK_SORT_MB) * 1024 * 1024,
        LiveSettings.of(options));
  }

  /** The batch of a block. A batch is a multiple of the interval, so a block has only one. */
  public long batchOf(long interval) {
    return Math.floorDiv(interval, batchLength.toMillis() / blockRules.interval().toMillis());
  }
}
