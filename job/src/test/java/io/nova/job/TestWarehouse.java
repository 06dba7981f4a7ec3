package io.nova.job;

import io.nova.block.BlockFile;
import io.nova.block.BlockFileWriter;
import io.nova.block.BlockRules;
import io.nova.block.ColdCache;
import io.nova.block.SealedBlock;
import io.nova.block.Shard;
import io.nova.block.ShardState;
import io.nova.event.Mapping;
import io.nova.kafka.Offered;
import io.nova.table.EventTable;
import io.nova.table.Storage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A warehouse in a folder, with a table, the settings of a job on it, and block files for it. */
final class TestWarehouse {
  final EventTable table;
  final NovaSettings settings;

  TestWarehouse(Path folder) {
    this(folder, 64 << 20, false);
  }

  TestWarehouse(Path folder, long memoryBudgetBytes, boolean ledger) {
    String warehouse = folder.resolve("warehouse").toUri().toString();
    table = EventTable.findOrCreate(warehouse, Events.RULES);
    settings =
        new NovaSettings(
            Events.TOPIC,
            Mapping.amplitude(),
            warehouse,
            Events.RULES.shards(),
            BlockRules.DEFAULT,
            Duration.ofDays(1),
            Duration.ofDays(7),
            1 << 20,
            memoryBudgetBytes,
            ledger,
            Set.of(0, 1),
            3,
            Duration.ofHours(1),
            1 << 20,
            new LiveSettings(true, 0, 0, "", Duration.ofMillis(100), 16));
  }

  /** A block file that holds one event, which was uploaded at this time. */
  BlockFile blockFile(String time, String device, long sequence) {
    Offered event = Objects.requireNonNull(Events.at(time).by(device).received().event);
    Shard shard = new Shard(0, settings.blockRules(), new InMemory(), new ColdCache(1 << 20));
    shard.offer(event.high, event.low, event.uploadMicros, event.row);
    long interval = settings.blockRules().intervalOf(event.uploadMicros);
    SealedBlock sealed = shard.seal(interval);
    SealedBlock numbered = new SealedBlock(0, interval, sequence, sealed.rows(), sealed.segments());
    return new BlockFileWriter(Storage.configuration(), table.dataFolder(), settings.blockRules())
        .write(interval, settings.batchOf(interval), List.of(numbered));
  }

  /** The state of a shard that is thrown away. */
  static ShardState stateInMemory() {
    return new InMemory();
  }

  /** Log and fingerprints of a shard. */
  private static final class InMemory implements ShardState {
    private final Map<SegmentId, byte[]> log = new HashMap<>();
    private final Map<Long, byte[]> cold = new HashMap<>();

    @Override
    public void putSegment(SegmentId id, byte[] stored) {
      log.put(id, stored);
    }

    @Override
    public byte @Nullable [] segment(SegmentId id) {
      return log.get(id);
    }

    @Override
    public void removeSegment(SegmentId id) {}

    @Override
    public void segments(BiConsumer<SegmentId, byte[]> consumer) {}

    @Override
    public void putCold(long interval, byte[] packed) {
      cold.put(interval, packed);
    }

    @Override
    public byte @Nullable [] cold(long interval) {
      return cold.get(interval);
    }

    @Override
    public void putColdCount(long interval, int count) {}

    @Override
    public Map<Long, Integer> coldCounts() {
      return Map.of();
    }

    @Override
    public void removeCold(long interval) {}

    @Override
    public void putHeader(byte[] header) {}

    @Override
    public byte @Nullable [] header() {
      return null;
    }
  }
}
