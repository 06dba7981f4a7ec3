package io.nova.job;

import io.nova.block.BlockFile;
import io.nova.block.BlockFileWriter;
import io.nova.block.BlockRules;
import io.nova.block.ColdCache;
import io.nova.block.HeapShardState;
import io.nova.block.SealedBlock;
import io.nova.block.Shard;
import io.nova.event.Mapping;
import io.nova.kafka.Offered;
import io.nova.table.EventTable;
import io.nova.table.Storage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;

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
            Events.RULES.fingerprintKey().hex(),
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
    Shard shard = new Shard(0, settings.blockRules(), new HeapShardState(), new ColdCache(1 << 20));
    shard.offer(event.high, event.low, event.uploadMicros, event.row);
    long interval = settings.blockRules().intervalOf(event.uploadMicros);
    SealedBlock sealed = shard.seal(interval);
    SealedBlock numbered = new SealedBlock(0, interval, sequence, sealed.rows(), sealed.segments());
    return new BlockFileWriter(Storage.configuration(), table.dataFolder(), settings.blockRules())
        .write(interval, settings.batchOf(interval), List.of(numbered));
  }
}
