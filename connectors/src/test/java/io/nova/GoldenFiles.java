package io.nova;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.nova.event.RejectReason;
import io.nova.event.Tally;
import io.nova.fixtures.Events;
import io.nova.handoff.AuditFigures;
import io.nova.handoff.BatchAnswer;
import io.nova.handoff.BatchRequest;
import io.nova.iceberg.Chunk;
import io.nova.iceberg.SmallChunk;
import io.nova.iceberg.commit.CloseOrder;
import io.nova.iceberg.commit.ClosedBatch;
import io.nova.iceberg.commit.CommitterState;
import io.nova.iceberg.commit.HandoffProperties;
import io.nova.iceberg.commit.HandoffProperties.Batch;
import io.nova.iceberg.commit.Link;
import io.nova.kafka.Duplicate;
import io.nova.kafka.DuplicateSerializer;
import io.nova.kafka.ReadPartition;
import io.nova.kafka.SizeLimits;
import io.nova.kafka.UploadProgress;
import io.nova.shard.BlockFile;
import io.nova.shard.BlockRules;
import io.nova.shard.ConflictRule;
import io.nova.shard.CopyKind;
import io.nova.shard.HandedOffBatch;
import io.nova.shard.HeapShardState;
import io.nova.shard.Offer;
import io.nova.shard.Shard;
import io.nova.shard.fingerprint.ColdCache;
import io.nova.shard.fingerprint.EventFingerprints;
import io.nova.shard.fingerprint.FingerprintSet;
import io.nova.shard.fingerprint.PackedFingerprints;
import io.nova.shard.progress.Ancestry;
import io.nova.shard.progress.RunCheckpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes the golden files of stored forms that do not exist yet. */
final class GoldenFiles {
  static final int LONG_ROW = 300_000;
  static final long FRONTIER_MICROS = BlockRules.DEFAULT.startMicros(6);
  static final long PAYLOAD = -11;
  static final Ancestry ANCESTRY = Ancestry.NONE.with(new RunCheckpoint("run-1", 9));
  static final BlockFile BLOCK_FILE =
      new BlockFile(
          "file:/w/nova/events/data/batch_number=20777/block-1.avro",
          1000,
          3,
          20777,
          -300_000_000,
          0,
          List.of(new BlockFile.Block(0, 3, 3)));
  static final Chunk CHUNK =
      new Chunk(
          "file:/w/nova/events/data/batch_number=20777/chunk-1.parquet",
          900,
          5,
          20777,
          "000102030405060708090a0b0c0d0e0f",
          true,
          List.of(BLOCK_FILE),
          List.of(
              new SmallChunk(
                  "file:/w/nova/events/data/batch_number=20777/chunk-0.parquet", 500, 2, 20777)));

  private GoldenFiles() {}

  /** Writes into a folder: src/test/resources/formats. */
  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    Files.createDirectories(folder);
    put(folder, "segment-v1-plain.bin", segment());
    put(folder, "segment-v1-zstd.bin", compressedSegment());
    put(folder, "fingerprints-v1.bin", fingerprints());
    put(folder, "shard-v1.json", shardRecord());
    put(folder, "partition-v1.bin", partition());
    put(folder, "tally-v1.json", JsonMapper.builder().build().writeValueAsBytes(tally()));
    put(folder, "committer-v1.json", committer());
    put(folder, "handoff-v1.json", utf8(handoff().json()));
    put(folder, "duplicate-v1.json", value(duplicate()));
    put(folder, "batch-request-v1.json", batchRequest().write());
    put(folder, "batch-answer-v1.json", batchAnswer().write());
    NovaWarehouse warehouse = new NovaWarehouse(Files.createTempDirectory("golden"));
    Events event =
        Events.at("10:02")
            .with("event_time", "\"2026-11-20 10:01:00.000001\"")
            .with("location_lat", "47.5")
            .with("paying", "true")
            .with("event_properties", "{\"é\": 1 }")
            .with("odd", "null");
    BlockFile block = warehouse.write(event.id("a").by("u1"), event.id("b").by("u2"));
    put(folder, "block-v1.avro", read(block.path()));
    put(folder, "chunk-v1.parquet", read(warehouse.merge(block).path()));
  }

  private static void put(Path folder, String name, byte[] bytes) throws IOException {
    if (!Files.exists(folder.resolve(name))) {
      Files.write(folder.resolve(name), bytes);
    }
  }

  private static byte[] read(String path) throws IOException {
    return Files.readAllBytes(Path.of(path.replaceFirst("^file:", "")));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Shard newShard(HeapShardState state) {
    return new Shard(0, BlockRules.DEFAULT, state, new ColdCache(1));
  }

  private static byte[] onlySegment(HeapShardState state) {
    byte[][] found = new byte[1][];
    state.segments((id, stored) -> found[0] = stored);
    return found[0];
  }

  static byte[] segment() {
    HeapShardState state = new HeapShardState();
    Shard shard = newShard(state);
    shard.offer(1, -2, 0, utf8("first"));
    shard.offer(Offer.of(3, 4, 0, utf8("second"), 2).tracking(PAYLOAD, ConflictRule.KEEP_FIRST));
    shard.flush();
    return onlySegment(state);
  }

  static byte[] compressedSegment() {
    HeapShardState state = new HeapShardState();
    Shard shard = newShard(state);
    shard.offer(Offer.of(1, -2, 0, utf8("first"), 2).tracking(PAYLOAD, ConflictRule.KEEP_FIRST));
    shard.offer(3, 4, 0, utf8("x".repeat(LONG_ROW)));
    return onlySegment(state);
  }

  static byte[] value(Duplicate duplicate) {
    return new DuplicateSerializer("duplicates", SizeLimits.of(1_000_000))
        .serialize(duplicate, null, null)
        .value();
  }

  static Duplicate duplicate() {
    Duplicate duplicate = new Duplicate();
    duplicate.identity = "{\"app\":7,\"device_id\":\"d\",\"insert_id\":\"é\\n\"}";
    duplicate.app = "7";
    duplicate.uploadMicros = BlockRules.DEFAULT.startMicros(4) + 123_450;
    duplicate.topic = "events";
    duplicate.partition = 3;
    duplicate.offset = 17;
    duplicate.index = 2;
    duplicate.kind = CopyKind.CONFLICTING;
    duplicate.gapBlocks = -2;
    return duplicate;
  }

  /** An identity with a tracked payload, and two without. */
  static byte[] fingerprints() {
    return PackedFingerprints.of(
            FingerprintSet.of(0, 0, -1, 7, -1, EventFingerprints.payload(7, PAYLOAD), 1, -2))
        .stored();
  }

  private static Tally tally() {
    Tally tally = new Tally();
    Tally.Counts counts = tally.of("7");
    counts.received = 9;
    counts.admitted = 5;
    counts.duplicates = 3;
    tally.rejected("7", RejectReason.TOO_LATE);
    tally.rejected(Tally.NO_APP, RejectReason.NOT_JSON);
    tally.rejected(Tally.NO_APP, RejectReason.NOT_JSON);
    tally.of(Tally.NO_APP).received = 2;
    return tally;
  }

  /** A partition of which ten minutes, a step and three events were read. */
  static byte[] partition() {
    UploadProgress progress = new UploadProgress(Long.MAX_VALUE);
    for (long minute : new long[] {0, 30, 60, 90, 120, 300, 330, 360, 390, 420, 500, 501, 502}) {
      progress.read(minute * 60_000_000, minute * 60_000_000 + 1);
    }
    return new ReadPartition(3, 41, progress).write();
  }

  static byte[] shardRecord() {
    HeapShardState state = new HeapShardState();
    Shard shard = newShard(state);
    shard.offer(1, 1, BlockRules.DEFAULT.startMicros(2), utf8("row"));
    shard.seal(2);
    shard.advanceFrontier(FRONTIER_MICROS);
    long first = BlockRules.DEFAULT.startMicros(BlockRules.DEFAULT.latenessLimitBlocks() + 5);
    shard.advancePartition(0, first, Set.of(0, 1));
    shard.advancePartition(1, first + 1, Set.of(0, 1));
    shard.handOff(List.of(new HandedOffBatch(4, Map.of(1, 99L), Map.of())));
    shard.tally().add(tally());
    shard.readTo().read(1, 41);
    shard.newest().admitted(1, 600_000_000, 599_000_000);
    shard.takenBy(ANCESTRY);
    shard.flush();
    return state.header();
  }

  /** A batch that was withdrawn and is completed, and one that is closed. */
  static HandoffProperties handoff() {
    Batch completed =
        new Batch(
            20777, "link-2", 3, "00ff", 1000, "nova", 4000L, "layer", 3000L, "ops", null, true);
    Batch closed =
        new Batch(20778, "link-3", 0, "", 5000, "ops", null, null, null, null, null, false);
    return new HandoffProperties(1, 20777, 20776, "topic", 7, List.of(completed, closed));
  }

  static BatchRequest batchRequest() {
    return BatchRequest.complete(20777, "link-2", new AuditFigures(3, "00ff"), "étl", 4000);
  }

  static BatchAnswer batchAnswer() {
    return BatchAnswer.closed("request-1", 20777, "link-2", Map.of(0, 41L), 1000);
  }

  private static byte[] committer() {
    Link link =
        new Link(
            "link-2",
            "link-1",
            "run-1",
            List.of(BLOCK_FILE),
            List.of(CHUNK),
            List.of(3L, 0L),
            tally(),
            new Link.Totals(4, 1),
            new CloseOrder(20777, "nova"),
            Map.of(0, 41L),
            Map.of(20777L, new AuditFigures(3, CHUNK.digest())),
            ANCESTRY);
    return new CommitterState(
            1,
            "link-1",
            List.of(link),
            List.of(3L, 0L),
            new Link.Totals(4, 1),
            Map.of(20778L, 2),
            Map.of(20778L, new AuditFigures(7, CHUNK.digest())),
            new CloseOrder(20778, "ops"),
            List.of(new ClosedBatch(20777, "link-2")),
            List.of(new ClosedBatch(20776, "link-0")),
            ANCESTRY,
            1_795_860_000_000L)
        .write();
  }
}
