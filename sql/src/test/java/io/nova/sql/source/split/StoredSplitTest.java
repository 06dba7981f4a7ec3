package io.nova.sql.source.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.live.protocol.Announcement;
import io.nova.shard.progress.RunCheckpoint;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.FileFormat;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.longlong.Roaring64Bitmap;

class StoredSplitTest {
  private static final ScanSplit FILES =
      new ScanSplit(
          "split-1",
          "",
          List.of(
              new FileRange("/w/a.avro", FileFormat.AVRO, 20_777, 0, 100, 100, 7),
              new FileRange("/w/ü.parquet", FileFormat.PARQUET, -1, 4, 60, 1000, 9)),
          5);

  private static final String BYTES_OF_FILES =
      "000773706c69742d3100000000000000000000000500000002"
          + "0000092f772f612e6176726f00044156524f00000000000051290000000000000000"
          + "000000000000006400000000000000640000000000000007"
          + "00000d2f772fc3bc2e70617271756574000750415251554554ffffffffffffffff"
          + "0000000000000004000000000000003c00000000000003e80000000000000009";

  private static final ScanSplit LIVE =
      new ScanSplit(
          "live-1",
          "{\"ü\":1}",
          List.of(
              LiveRange.of(
                  new Announcement(1, "g", 3, 2, "host", 7000, true, "secret", false, List.of()),
                  "lease",
                  List.of(1, 5),
                  9),
              new FileRange("/w/a.avro", FileFormat.AVRO, -2, 0, 100, 100, 7)),
          4);

  private static final String BYTES_OF_LIVE =
      "00066c6976652d31"
          + "000000087b22c3bc223a317d"
          + "000000000000000400000002"
          + "0100016700000003000000020004686f737400001b5801000673656372657400056c6561736500"
          + "000002000000010000000500000000000000090000092f772f612e6176726f00044156524fffff"
          + "fffffffffffe0000000000000000000000000000006400000000000000640000000000000007";

  private static final ScanSplit TAIL =
      new ScanSplit(
          "tail",
          "",
          List.of(
              new Tail(
                  Optional.of(-9L),
                  Optional.of(new RunCheckpoint("g", 7)),
                  Map.of(0, 41L, 2, 17L),
                  Map.of(0, 44L),
                  Map.of(0, Roaring64Bitmap.bitmapOf(42, 44)))),
          0);

  private static final String BYTES_OF_TAIL =
      "00047461696c000000000000000000000000000000010201fffffffffffffff7"
          + "010001670000000000000007"
          + "0000000200000000"
          + "00000000000000290000000200000000000000110000000100000000000000000000002c00000001"
          + "000000000000003e01010000000000000004000000000000000000000000000000000001000000fe"
          + "010000000102020000002a002c0001000000000000000000000000000000";

  private static final ScanSplit UNTOUCHED_TAIL =
      new ScanSplit("tail", "", List.of(Tail.behind(Optional.empty())), 0);

  private static final String BYTES_OF_UNTOUCHED_TAIL =
      "00047461696c00000000000000000000000000000001020000000000000000000000000000";

  private final ScanSplitSerializer splits = new ScanSplitSerializer();
  private final ScanStateSerializer states = new ScanStateSerializer();

  private void assertIsStoredAs(String bytes, ScanSplit split) throws IOException {
    assertThat(HexFormat.of().formatHex(splits.serialize(split))).isEqualTo(bytes);
    assertThat(splits.deserialize(1, HexFormat.of().parseHex(bytes))).isEqualTo(split);
  }

  private void assertIsStoredAs(String bytes, ScanState state) throws IOException {
    assertThat(HexFormat.of().formatHex(states.serialize(state))).isEqualTo(bytes);
    assertThat(states.deserialize(1, HexFormat.of().parseHex(bytes))).isEqualTo(state);
  }

  @Test
  void splitsOfVersion1() throws IOException {
    assertIsStoredAs(BYTES_OF_FILES, FILES);
    assertIsStoredAs(BYTES_OF_LIVE, LIVE);
    assertIsStoredAs(BYTES_OF_TAIL, TAIL);
    assertIsStoredAs(BYTES_OF_UNTOUCHED_TAIL, UNTOUCHED_TAIL);
  }

  @Test
  void tokenMayBeLongerThan64Kilobytes() throws IOException {
    ScanSplit split = new ScanSplit("s", "0123456789".repeat(10_000), List.of(), 0);
    assertThat(splits.deserialize(1, splits.serialize(split))).isEqualTo(split);
  }

  @Test
  void stateOfTheEnumeratorOfVersion1() throws IOException {
    assertIsStoredAs("000000000000", ScanState.NEW);
    assertIsStoredAs(
        "0101fffffffffffffffb00000002" + BYTES_OF_FILES + BYTES_OF_LIVE,
        new ScanState(true, Optional.of(-5L), List.of(FILES, LIVE)));
  }

  @Test
  void otherVersionsAreRefused() {
    for (int version : new int[] {0, 2}) {
      String message = "Stored split of a query: found version " + version + ", expected 1";
      assertThatThrownBy(() -> splits.deserialize(version, new byte[0]))
          .hasMessageContaining(message);
      assertThatThrownBy(() -> states.deserialize(version, new byte[0]))
          .hasMessageContaining(message);
    }
  }
}
