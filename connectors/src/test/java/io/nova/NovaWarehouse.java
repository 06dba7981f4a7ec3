package io.nova;

import io.nova.event.identity.FingerprintKey;
import io.nova.fixtures.Events;
import io.nova.iceberg.BlockFileWriter;
import io.nova.iceberg.CatalogAddress;
import io.nova.iceberg.Chunk;
import io.nova.iceberg.ChunkWriter;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.Storage;
import io.nova.iceberg.TableRules;
import io.nova.shard.BlockFile;
import io.nova.shard.BlockRules;
import io.nova.shard.HeapShardState;
import io.nova.shard.Offer;
import io.nova.shard.SealedBlock;
import io.nova.shard.Shard;
import io.nova.shard.fingerprint.ColdCache;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;

/** A warehouse for tests: an event table in a catalog, and files in it. */
public final class NovaWarehouse {
  public static final TableRules RULES =
      new TableRules(
          2,
          Duration.ofMinutes(5),
          Duration.ofDays(1),
          FingerprintKey.ofHex("000102030405060708090a0b0c0d0e0f"));

  private final CatalogAddress address;
  private final Map<Integer, Shard> shards = new TreeMap<>();
  private long offset;

  public NovaWarehouse(Path folder) {
    this(folder.toString());
  }

  /** A warehouse at a path or URI. */
  public NovaWarehouse(String path) {
    this(CatalogAddress.hadoop(path));
  }

  /** A warehouse of any catalog. */
  public NovaWarehouse(CatalogAddress address) {
    this.address = address;
    EventTable.findOrCreate(address, RULES);
    for (int number = 0; number < RULES.shards(); number++) {
      shards.put(
          number,
          new Shard(number, BlockRules.DEFAULT, new HeapShardState(), new ColdCache(1 << 20)));
    }
  }

  public String path() {
    return address.warehouse();
  }

  /** Opens the table with a handle of its own, as another process does. */
  public EventTable open() {
    return EventTable.find(address).orElseThrow();
  }

  /** Admits events of one interval, seals their blocks and writes a block file. */
  public BlockFile write(Events... events) {
    List<Offer> offered = new ArrayList<>();
    for (Events event : events) {
      offered.add(ReadEvents.offered(event, RULES, offset++));
    }
    long interval = BlockRules.DEFAULT.intervalOf(offered.get(0).uploadMicros);
    for (Offer event : offered) {
      shards
          .get((int) Long.remainderUnsigned(event.high, RULES.shards()))
          .offer(event.high, event.low, event.uploadMicros, event.row);
    }
    List<SealedBlock> blocks = new ArrayList<>();
    for (Shard shard : shards.values()) {
      shard.openIntervals().forEach(open -> blocks.add(shard.seal(open)));
    }
    long batch = RULES.batchOf(BlockRules.DEFAULT.startMicros(interval));
    return new BlockFileWriter(Storage.configuration(), open().dataFolder(), BlockRules.DEFAULT)
        .write(interval, batch, blocks);
  }

  /** Merges block files of one batch. */
  public Chunk merge(BlockFile... files) {
    return new ChunkWriter(Storage.configuration(), open().dataFolder(), 1 << 20)
        .merge(files[0].batchNumber(), List.of(files));
  }

  /** Merges block files and small chunks of one batch. */
  public Chunk mergeAgain(List<BlockFile> files, Chunk... small) {
    return new ChunkWriter(Storage.configuration(), open().dataFolder(), 1 << 20)
        .merge(small[0].batchNumber(), files, Arrays.stream(small).map(Chunk::asSmall).toList());
  }

  /** The insert ids in the table, sorted, with repetitions. */
  public List<String> ids() {
    return rows().stream().map(row -> (String) row.getField("insert_id")).sorted().toList();
  }

  /** All rows of the table, read by Iceberg's generic reader. */
  public List<Record> rows() {
    List<Record> rows = new ArrayList<>();
    try (CloseableIterable<Record> all = IcebergGenerics.read(open().iceberg()).build()) {
      all.forEach(row -> rows.add(row.copy()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows;
  }
}
