package io.nova.bench;

import io.nova.event.EventParser;
import io.nova.event.Parsed;
import io.nova.event.identity.Fingerprint;
import io.nova.event.identity.FingerprintKey;
import io.nova.event.identity.Fingerprinter;
import io.nova.event.row.BatchTail;
import io.nova.event.row.RowEncoder;
import io.nova.iceberg.BlockFileWriter;
import io.nova.iceberg.TableRules;
import io.nova.shard.BlockFile;
import io.nova.shard.BlockRules;
import io.nova.shard.HeapShardState;
import io.nova.shard.Offer;
import io.nova.shard.SealedBlock;
import io.nova.shard.Shard;
import io.nova.shard.fingerprint.ColdCache;
import io.nova.workload.generate.GeneratedMessages;
import io.nova.workload.generate.GeneratorOptions;
import io.nova.workload.input.Message;
import io.nova.workload.input.MessageCursor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/** The block files of a generated day, as the job writes them: one for each interval. */
final class GeneratedBlockFiles {
  private static final TableRules RULES =
      new TableRules(
          1,
          Duration.ofMinutes(5),
          Duration.ofDays(1),
          FingerprintKey.ofHex("000102030405060708090a0b0c0d0e0f"));

  private GeneratedBlockFiles() {}

  /**
   * Writes block files of one batch.
   *
   * @param rows the number of admitted events
   */
  static List<BlockFile> write(Configuration hadoop, String folder, int rows) {
    Map<Long, List<Offer>> intervals = admitted(rows);
    BlockFileWriter writer = new BlockFileWriter(hadoop, folder, BlockRules.DEFAULT);
    List<BlockFile> files = new ArrayList<>();
    for (Map.Entry<Long, List<Offer>> interval : intervals.entrySet()) {
      Shard shard = new Shard(0, BlockRules.DEFAULT, new HeapShardState(), new ColdCache(1 << 20));
      interval.getValue().forEach(one -> shard.offer(one.high, one.low, one.uploadMicros, one.row));
      SealedBlock block = shard.seal(interval.getKey());
      long batch = RULES.batchOf(BlockRules.DEFAULT.startMicros(interval.getKey()));
      files.add(writer.write(interval.getKey(), batch, List.of(block)));
    }
    return files;
  }

  /** By interval, the first copies of the first batch that the generator sends. */
  private static Map<Long, List<Offer>> admitted(int rows) {
    Map<Long, List<Offer>> intervals = new TreeMap<>();
    Set<Fingerprint> seen = new HashSet<>();
    EventParser parser = new EventParser();
    RowEncoder encoder = new RowEncoder();
    Fingerprinter fingerprinter = new Fingerprinter(RULES.fingerprintKey());
    BatchTail tail =
        new BatchTail(
            RULES.blockInterval(), RULES.batchLength(), BlockRules.DEFAULT.largestWindow());
    long batch = GeneratorOptions.DEFAULTS.day().toEpochDay();
    long offset = 0;
    try (MessageCursor cursor = new GeneratedMessages(options(rows)).open()) {
      while (cursor.hasNext() && seen.size() < rows) {
        Message message = cursor.next();
        offset++;
        if (message.value() != null
            && parser.parse(message.value()) instanceof Parsed.Event event
            && tail.batchOf(event.uploadMicros()) == batch) {
          Fingerprint print = fingerprinter.of(event.identity());
          if (seen.add(print)) {
            RowEncoder.Placement place =
                new RowEncoder.Placement(
                    batch,
                    0,
                    "events",
                    Math.max(0, message.partition()),
                    offset,
                    0,
                    tail.has(event.uploadMicros()) ? print : null);
            intervals
                .computeIfAbsent(
                    BlockRules.DEFAULT.intervalOf(event.uploadMicros()), any -> new ArrayList<>())
                .add(
                    Offer.of(
                        print.high(),
                        print.low(),
                        event.uploadMicros(),
                        encoder.encode(event.fields(), place),
                        1));
          }
        }
      }
    }
    return intervals;
  }

  private static GeneratorOptions options(int rows) {
    return new GeneratorOptions(
        1, 2L * rows, GeneratorOptions.DEFAULTS.day(), 1, GeneratorOptions.DEFAULTS.partitions());
  }
}
