package io.nova.job;

import io.nova.event.mapping.Mapping;
import io.nova.iceberg.BlockFileWriter;
import io.nova.iceberg.CatalogAddress;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.Storage;
import io.nova.job.options.AdmittedSettings;
import io.nova.job.options.HandoffSettings;
import io.nova.job.options.LifecycleSettings;
import io.nova.job.options.LiveSettings;
import io.nova.job.options.NovaSettings;
import io.nova.kafka.source.AcceptedGaps;
import io.nova.shard.BlockFile;
import io.nova.shard.BlockRules;
import io.nova.shard.HeapShardState;
import io.nova.shard.Offer;
import io.nova.shard.SealedBlock;
import io.nova.shard.Shard;
import io.nova.shard.fingerprint.ColdCache;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.flink.connector.base.DeliveryGuarantee;

/** A warehouse in a folder, with a table, the settings of a job on it, and block files for it. */
public final class JobWarehouse {
  /** The target size of a chunk. Every block file is larger. */
  public static final long CHUNK_BYTES = 300;

  public final EventTable table;
  public final NovaSettings settings;
  private final String uri;
  private final long memoryBudgetBytes;
  private final boolean ledger;

  public JobWarehouse(Path folder) {
    this(folder, 64 << 20, false);
  }

  public JobWarehouse(Path folder, long memoryBudgetBytes, boolean ledger) {
    String warehouse = folder.resolve("warehouse").toUri().toString();
    table = EventTable.findOrCreate(warehouse, JobEvents.RULES);
    this.memoryBudgetBytes = memoryBudgetBytes;
    this.ledger = ledger;
    this.uri = warehouse;
    settings = settingsThatAccept("");
  }

  /** The settings of a job that accepts a topic for batches that was created again. */
  public NovaSettings settingsThatAccept(String topicId) {
    return settings(topicId, Duration.ofHours(24), Duration.ZERO);
  }

  /** The settings of a job with this grace and this commit interval. */
  public NovaSettings settings(Duration grace, Duration commitInterval) {
    return settings("", grace, commitInterval);
  }

  /** The settings of a job whose completions need the batch layer's figures. */
  public NovaSettings settingsWithRequiredAudit() {
    return settings("", Duration.ofHours(24), Duration.ZERO, true);
  }

  /** The settings of a job whose chunks have this size. */
  public NovaSettings settingsWithChunksOf(long targetBytes) {
    return settings("", Duration.ofHours(24), Duration.ZERO, false, targetBytes);
  }

  /** The settings of a job that writes admitted events to a topic. */
  public NovaSettings settingsWithAdmittedTopic() {
    return settings("", Duration.ofHours(24), Duration.ZERO, false, CHUNK_BYTES, "admitted");
  }

  private NovaSettings settings(String topicId, Duration grace, Duration commitInterval) {
    return settings(topicId, grace, commitInterval, false);
  }

  private NovaSettings settings(
      String topicId, Duration grace, Duration commitInterval, boolean requireAudit) {
    return settings(topicId, grace, commitInterval, requireAudit, CHUNK_BYTES);
  }

  private NovaSettings settings(
      String topicId,
      Duration grace,
      Duration commitInterval,
      boolean requireAudit,
      long chunkBytes) {
    return settings(topicId, grace, commitInterval, requireAudit, chunkBytes, "");
  }

  private NovaSettings settings(
      String topicId,
      Duration grace,
      Duration commitInterval,
      boolean requireAudit,
      long chunkBytes,
      String admittedTopic) {
    return new NovaSettings(
        JobEvents.TOPIC,
        Mapping.amplitude(),
        CatalogAddress.hadoop(uri),
        JobEvents.RULES.shards(),
        BlockRules.DEFAULT,
        Duration.ofDays(1),
        JobEvents.RULES.fingerprintKey().hex(),
        Duration.ofDays(7),
        1 << 20,
        memoryBudgetBytes,
        ledger,
        new AdmittedSettings(
            admittedTopic, DeliveryGuarantee.AT_LEAST_ONCE, Duration.ofMinutes(15)),
        Long.MAX_VALUE,
        Set.of(0, 1),
        AcceptedGaps.parse("1:5-9"),
        chunkBytes,
        Duration.ofHours(1),
        1 << 20,
        new HandoffSettings("batches", topicId, Duration.ofHours(1), grace, requireAudit, Set.of()),
        new LifecycleSettings(
            commitInterval, Duration.ofDays(7), Duration.ofHours(1), Duration.ofHours(1)),
        new LiveSettings(true, 0, 0, "", Duration.ofMillis(100), 16));
  }

  /** A block file that is described as this large. */
  public static BlockFile ofSize(long bytes, BlockFile file) {
    return new BlockFile(
        file.path(),
        bytes,
        file.rows(),
        file.batchNumber(),
        file.uploadFromMicros(),
        file.uploadToMicros(),
        file.blocks());
  }

  /** A block file that holds one event, which was uploaded at this time. */
  public BlockFile blockFile(String time, String device, long sequence) {
    Offer event = Objects.requireNonNull(JobEvents.at(time).by(device).received().event);
    Shard shard = new Shard(0, settings.blockRules(), new HeapShardState(), new ColdCache(1 << 20));
    shard.offer(event.high, event.low, event.uploadMicros, event.row);
    long interval = settings.blockRules().intervalOf(event.uploadMicros);
    SealedBlock sealed = shard.seal(interval);
    SealedBlock numbered = new SealedBlock(0, interval, sequence, sealed.rows(), sealed.segments());
    return new BlockFileWriter(Storage.configuration(), table.dataFolder(), settings.blockRules())
        .write(interval, settings.batchOf(interval), List.of(numbered));
  }
}
