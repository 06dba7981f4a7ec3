package io.nova;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.nova.event.RejectReason;
import io.nova.event.Tally;
import io.nova.event.row.EventSchema;
import io.nova.handoff.BatchAnswer;
import io.nova.handoff.BatchRequest;
import io.nova.handoff.HandoffState;
import io.nova.iceberg.Chunk;
import io.nova.iceberg.ChunkWriter;
import io.nova.iceberg.Storage;
import io.nova.iceberg.commit.CloseOrder;
import io.nova.iceberg.commit.ClosedBatch;
import io.nova.iceberg.commit.CommitterState;
import io.nova.iceberg.commit.HandoffProperties;
import io.nova.iceberg.commit.Link;
import io.nova.kafka.ReadPartition;
import io.nova.live.cut.ReadToken;
import io.nova.live.cut.StoredCut;
import io.nova.live.protocol.Announcement;
import io.nova.live.protocol.PinnedView;
import io.nova.shard.Admission;
import io.nova.shard.BlockFile;
import io.nova.shard.BlockRules;
import io.nova.shard.ConflictRule;
import io.nova.shard.CopyKind;
import io.nova.shard.Decision;
import io.nova.shard.Decision.AdmittedCopy;
import io.nova.shard.HeapShardState;
import io.nova.shard.Offer;
import io.nova.shard.Shard;
import io.nova.shard.ShardState;
import io.nova.shard.fingerprint.ColdCache;
import io.nova.shard.fingerprint.PackedFingerprints;
import io.nova.shard.log.Segment;
import io.nova.shard.progress.NewestTimes;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.iceberg.Schema;
import org.apache.iceberg.avro.AvroSchemaUtil;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.parquet.Parquet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reads the golden bytes of every stored form (docs/reference/formats.md), and writes the forms
 * that have no random part. {@link GoldenFiles} wrote the files. A new version gets new files.
 */
class FormatsTest {
  private static final Pattern KEY = Pattern.compile("`(\\w+)`");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir private Path folder;

  private static byte[] golden(String name) throws IOException {
    try (InputStream in = FormatsTest.class.getResourceAsStream("/formats/" + name)) {
      return in.readAllBytes();
    }
  }

  private Path copy(String name) throws IOException {
    return Files.write(folder.resolve(name), golden(name));
  }

  private static List<String> rows(byte[] segment) {
    List<String> rows = new ArrayList<>();
    Segment.read(
        segment,
        (high, low, bytes, offset, length) ->
            rows.add(
                high
                    + " "
                    + low
                    + " "
                    + new String(bytes, offset, length, StandardCharsets.UTF_8)));
    return rows;
  }

  @Test
  void segmentsAreRead() throws IOException {
    assertThat(rows(golden("segment-v1-plain.bin"))).containsExactly("1 -2 first", "3 5 second");
    assertThat(rows(golden("segment-v1-zstd.bin")))
        .containsExactly("1 -1 first", "3 4 " + "x".repeat(GoldenFiles.LONG_ROW));
  }

  @Test
  void segmentsAreWritten() throws IOException {
    assertThat(GoldenFiles.segment()).isEqualTo(golden("segment-v1-plain.bin"));
    byte[] compressed = GoldenFiles.compressedSegment();
    assertThat(rows(compressed)).isEqualTo(rows(golden("segment-v1-zstd.bin")));
    assertThat(compressed).startsWith(1, 1);
  }

  @Test
  void payloadsOfACompressedSegmentAreRead() throws IOException {
    HeapShardState state = new HeapShardState();
    state.putHeader(golden("shard-v1.json"));
    state.putSegment(new ShardState.SegmentId(4, 0), golden("segment-v1-zstd.bin"));
    Shard shard = new Shard(0, BlockRules.DEFAULT, state, new ColdCache(1));

    copyIs(shard, 1, -2, GoldenFiles.PAYLOAD, CopyKind.NATURAL, 0);
    copyIs(shard, 1, -2, 5, CopyKind.CONFLICTING, 0);
    copyIs(shard, 3, 4, 5, CopyKind.UNKNOWN, 0);
  }

  @Test
  void payloadsOfOpenAndSealedBlocksAreRead() throws IOException {
    HeapShardState state = new HeapShardState();
    state.putHeader(golden("shard-v1.json"));
    state.putSegment(new ShardState.SegmentId(4, 0), golden("segment-v1-plain.bin"));
    state.putCold(new ShardState.PageId(3, 0), golden("fingerprints-v1.bin"));
    state.putColdCount(3, 4);
    Shard shard = new Shard(0, BlockRules.DEFAULT, state, new ColdCache(1));

    copyIs(shard, 3, 4, GoldenFiles.PAYLOAD, CopyKind.NATURAL, 0);
    copyIs(shard, 1, -2, 5, CopyKind.UNKNOWN, 0);
    shard.seal(4);
    copyIs(shard, 3, 4, GoldenFiles.PAYLOAD, CopyKind.NATURAL, 0);
    copyIs(shard, -1, 7, GoldenFiles.PAYLOAD, CopyKind.NATURAL, 1);
    copyIs(shard, -1, 6, 5, CopyKind.CONFLICTING, 1);
    copyIs(shard, 0, 0, 5, CopyKind.UNKNOWN, 1);
    assertThat(shard.offer(9, 9, BlockRules.DEFAULT.startMicros(4), new byte[0]).admission())
        .as("its window reaches a forgotten interval")
        .isEqualTo(Admission.UNKNOWN);
  }

  /** An event in block 4 is a duplicate of this kind, this many blocks after its first copy. */
  private static void copyIs(
      Shard shard, long high, long low, long payload, CopyKind kind, long gapBlocks) {
    Offer copy =
        Offer.of(high, low, BlockRules.DEFAULT.startMicros(4), new byte[0], 2)
            .tracking(payload, ConflictRule.KEEP_FIRST);
    Decision decision = shard.offer(copy);
    assertThat(decision.admission()).isEqualTo(Admission.DUPLICATE);
    assertThat(decision.copy()).contains(new AdmittedCopy(kind, gapBlocks));
  }

  @Test
  void fingerprintsAreWritten() throws IOException {
    assertThat(GoldenFiles.fingerprints()).isEqualTo(golden("fingerprints-v1.bin"));
  }

  @Test
  void shardRecordIsRead() throws IOException {
    HeapShardState state = new HeapShardState();
    state.putHeader(golden("shard-v1.json"));
    state.putColdCount(3, 3);
    Shard shard = new Shard(0, BlockRules.DEFAULT, state, new ColdCache(1));

    assertThat(shard.frontierMicros()).isEqualTo(GoldenFiles.FRONTIER_MICROS);
    assertThat(shard.sequence()).isEqualTo(1);
    assertThat(shard.readTo().asMap()).containsExactly(Map.entry(1, 41L));
    assertThat(shard.newest().entries())
        .containsExactly(new NewestTimes.Newest(1, 600_000_000, 599_000_000));
    assertThat(shard.ancestry()).isEqualTo(GoldenFiles.ANCESTRY);
    assertThat(shard.tally().of("7").admitted).isEqualTo(5);
    assertThat(shard.coldSize()).isEqualTo(3);
    assertThat(shard.offer(9, 9, BlockRules.DEFAULT.startMicros(4), new byte[0]).admission())
        .as("its window reaches a forgotten interval")
        .isEqualTo(Admission.UNKNOWN);
  }

  @Test
  void shardRecordIsWritten() throws IOException {
    assertThat(GoldenFiles.shardRecord()).isEqualTo(golden("shard-v1.json"));
  }

  @Test
  void shardRecordThatLacksAKeyIsRefused() throws IOException {
    String header = new String(golden("shard-v1.json"), StandardCharsets.UTF_8);
    HeapShardState shard = new HeapShardState();
    shard.putHeader(header.replace("\"sequence\":1,", "").getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> new Shard(0, BlockRules.DEFAULT, shard, new ColdCache(1)))
        .hasMessageContaining("Shard record cannot be read")
        .hasMessageContaining("sequence");
  }

  @Test
  void partitionIsRead() throws IOException {
    ReadPartition partition = ReadPartition.read(golden("partition-v1.bin"), Long.MAX_VALUE);

    assertThat(partition.partition()).isEqualTo(3);
    assertThat(partition.offset()).isEqualTo(41);
    assertThat(partition.write()).isEqualTo(golden("partition-v1.bin"));
    assertThat(partition.progress().reachedMicros()).isEqualTo(30 * 60_000_000L);
  }

  @Test
  void partitionIsWritten() throws IOException {
    assertThat(GoldenFiles.partition()).isEqualTo(golden("partition-v1.bin"));
  }

  @Test
  void tallyIsRead() throws IOException {
    Tally tally = JSON.readValue(golden("tally-v1.json"), Tally.class);

    assertThat(tally.byApp()).containsOnlyKeys("7", "none");
    assertThat(tally.of("7").received).isEqualTo(9);
    assertThat(tally.of("7").admitted).isEqualTo(5);
    assertThat(tally.of("7").duplicates).isEqualTo(3);
    assertThat(tally.of("7").rejected).containsExactly(Map.entry(RejectReason.TOO_LATE, 1L));
    assertThat(tally.of("none").rejected).containsExactly(Map.entry(RejectReason.NOT_JSON, 2L));
    assertThat(tally.total().undecided()).isZero();
  }

  @Test
  void duplicateHasTheBytesOfTheSpecification() throws IOException {
    assertThat(golden("duplicate-v1.json"))
        .isEqualTo(GoldenFiles.value(GoldenFiles.duplicate()))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo(
            "{\"version\":1,\"app\":\"7\","
                + "\"identity\":{\"app\":7,\"device_id\":\"d\",\"insert_id\":\"é\\n\"},"
                + "\"kind\":\"conflicting\",\"upload_time\":\"1970-01-01T00:20:00.123450Z\","
                + "\"topic\":\"events\",\"partition\":3,\"offset\":17,"
                + "\"index\":2,\"gap_blocks\":-2}");
  }

  @Test
  void committerStateIsRead() throws IOException {
    CommitterState state = CommitterState.read(golden("committer-v1.json"));

    assertThat(state.applied()).isEqualTo("link-1");
    assertThat(state.sequences()).containsExactly(3L, 0L);
    assertThat(state.totals()).isEqualTo(new Link.Totals(4, 1));
    Link link = state.pending().get(0);
    assertThat(List.of(link.uuid(), link.parent(), link.generation()))
        .containsExactly("link-2", "link-1", "run-1");
    assertThat(link.blockFiles()).containsExactly(GoldenFiles.BLOCK_FILE);
    assertThat(link.chunks()).containsExactly(GoldenFiles.CHUNK);
    assertThat(link.sequences()).containsExactly(3L, 0L);
    assertThat(link.tally().of("7").admitted).isEqualTo(5);
    assertThat(link.closes()).isEqualTo(new CloseOrder(20777, "nova"));
    assertThat(link.offsets()).containsExactly(Map.entry(0, 41L));
    assertThat(state.unmerged()).containsExactly(Map.entry(20778L, 2));
    assertThat(state.closes()).isEqualTo(new CloseOrder(20778, "ops"));
    assertThat(state.known()).containsExactly(new ClosedBatch(20777, "link-2"));
    assertThat(state.takenAtMs()).isEqualTo(1_795_860_000_000L);
  }

  @Test
  void handoffIsReadAndWritten() throws IOException {
    String stored = new String(golden("handoff-v1.json"), StandardCharsets.UTF_8);

    assertThat(HandoffProperties.of(Map.of(HandoffProperties.PROPERTY, stored)))
        .isEqualTo(GoldenFiles.handoff());
    assertThat(GoldenFiles.handoff().json()).isEqualTo(stored);
    assertThat(HandoffProperties.of(Map.of())).isEqualTo(HandoffProperties.NONE);
    String later = stored.replaceFirst("\"version\":1", "\"version\":2");
    assertThatThrownBy(() -> HandoffProperties.of(Map.of(HandoffProperties.PROPERTY, later)))
        .hasMessageContaining("version 2 found, 1 expected");
  }

  @Test
  void requestAndAnswerOfABatchAreReadAndWritten() throws IOException {
    byte[] request = golden("batch-request-v1.json");
    byte[] answer = golden("batch-answer-v1.json");

    assertThat(BatchRequest.read(request)).isEqualTo(GoldenFiles.batchRequest());
    assertThat(GoldenFiles.batchRequest().write()).isEqualTo(request);
    assertThat(BatchAnswer.read(answer)).isEqualTo(GoldenFiles.batchAnswer());
    assertThat(GoldenFiles.batchAnswer().write()).isEqualTo(answer);
  }

  @Test
  void pageHasTheKeysOfTheRecords() throws IOException {
    keysAreThoseOf(BatchRequest.class, "## The topic batches", "| key of a request |");
    keysAreThoseOf(BatchAnswer.class, "## The topic batches", "| key of an answer |");
    keysAreThoseOf(HandoffState.class, "## State of the handoff", "| key |");
    keysAreThoseOf(Announcement.class, "### Announcement", "| key |");
    keysAreThoseOf(StoredCut.class, "### Pinned cut", "| key |");
    keysAreThoseOf(PinnedView.class, "### Protocol", "| key |");
    keysAreThoseOf(ReadToken.class, "## Read token", "| key |");
  }

  /** Compares a record with the first table with this head after a heading of the page. */
  private static void keysAreThoseOf(Class<?> type, String heading, String head)
      throws IOException {
    Set<String> found = new HashSet<>();
    Files.readString(Path.of("../docs/reference/formats.md"))
        .lines()
        .dropWhile(line -> !line.startsWith(heading))
        .dropWhile(line -> !line.startsWith(head))
        .skip(2)
        .takeWhile(line -> line.startsWith("|"))
        .map(row -> row.substring(0, row.indexOf('|', 1)))
        .flatMap(cell -> KEY.matcher(cell).results())
        .forEach(key -> found.add(key.group(1)));
    assertThat(found)
        .as("keys of %s", type.getSimpleName())
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName).toList());
  }

  @Test
  void blockFileIsMerged() throws IOException {
    Path file = copy("block-v1.avro");
    BlockFile described =
        new BlockFile(
            file.toString(),
            Files.size(file),
            2,
            20777,
            0,
            1,
            List.of(new BlockFile.Block(0, 1, 2)));

    Chunk chunk =
        new ChunkWriter(Storage.configuration(), folder.toString(), 1 << 20)
            .merge(20777, List.of(described));

    assertThat(records(Path.of(chunk.path())))
        .hasSize(2)
        .isEqualTo(records(copy("chunk-v1.parquet")));
  }

  @Test
  void chunkIsRead() throws IOException {
    List<Record> records = records(copy("chunk-v1.parquet"));

    assertThat(records).hasSize(2);
    Record first = records.get(0);
    assertThat(first.getField("batch_number")).isEqualTo(20777L);
    assertThat(first.getField("insert_id")).isEqualTo("a");
    assertThat(first.getField("user")).isEqualTo("u1");
    assertThat(first.getField("event_time")).hasToString("2026-11-20T10:01:00.000001Z");
    assertThat(first.getField("location_lat")).isEqualTo(47.5);
    assertThat(first.getField("paying")).isEqualTo(true);
    assertThat(first.getField("event_properties")).isEqualTo("{\"é\": 1 }");
    assertThat(first.getField("extra")).isEqualTo("{\"odd\":null}");
  }

  private static List<Record> records(Path file) throws IOException {
    Schema schema = AvroSchemaUtil.toIceberg(EventSchema.avro());
    List<Record> records = new ArrayList<>();
    try (CloseableIterable<Record> rows =
        Parquet.read(
                org.apache.iceberg.Files.localInput(file.toString().replaceFirst("^file:", "")))
            .project(schema)
            .createReaderFunc(type -> GenericParquetReaders.buildReader(schema, type))
            .build()) {
      rows.forEach(row -> records.add(row.copy()));
    }
    return records;
  }

  @Test
  void otherVersionsAreRefusedWithWhatToDo() throws IOException {
    byte[] segment = golden("segment-v1-plain.bin");
    segment[0] = 2;
    assertThatIllegalStateException()
        .isThrownBy(() -> rows(segment))
        .withMessageContaining("found version 2, codec 0; expected version 1")
        .withMessageContaining("newer Nova");
    byte[] packed = golden("fingerprints-v1.bin");
    packed[0] = 2;
    assertThatIllegalStateException()
        .isThrownBy(() -> PackedFingerprints.read(packed))
        .withMessageContaining("version 2 found, 1 expected")
        .withMessageContaining("newer Nova");
    String state = new String(golden("committer-v1.json"), StandardCharsets.UTF_8);
    byte[] later =
        state.replaceFirst("\"version\":1", "\"version\":2").getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> CommitterState.read(later))
        .hasMessageContaining("version 2 found, 1 expected");
    HeapShardState shard = new HeapShardState();
    String header = new String(golden("shard-v1.json"), StandardCharsets.UTF_8);
    shard.putHeader(
        header.replaceFirst("\"version\":1", "\"version\":2").getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> new Shard(0, BlockRules.DEFAULT, shard, new ColdCache(1)))
        .hasStackTraceContaining("version 2 found, 1 expected")
        .hasStackTraceContaining("restore with that one");
  }
}
