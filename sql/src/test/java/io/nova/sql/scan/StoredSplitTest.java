package io.nova.sql.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.block.RunCheckpoint;
import io.nova.live.Announcement;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.FileFormat;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.longlong.Roaring64Bitmap;

class StoredSplitTest {

  private static final ScanSplit SPLIT =
      new ScanSplit(
          "split-1",
          "",
          List.of(
              new FileRange("/w/a.avro", FileFormat.AVRO, 20_777, 0, 100, 100, 7),
              new FileRange("/w/ü.parquet", FileFormat.PARQUET, -1, 4, 60, 1000, 9)),
          5);

  private static final String VERSION_1 =
      "000773706c69742d31000000000000000500000002"
          + "00092f772f612e6176726f00044156524f0000000000005129000000000000000000000000000000640000"
          + "000000000064000000000000000700"
          + "0d2f772fc3bc2e70617271756574000750415251554554ffffffffffffffff0000000000000004"
          + "000000000000003c00000000000003e80000000000000009";

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

  private static final String VERSION_2 =
      "00066c6976652d31"
          + "000000087b22c3bc223a317d"
          + "000000000000000400000002"
          + "0100016700000003000000020004686f737400001b5801000673656372657400056c6561736500"
          + "000002000000010000000500000000000000090000092f772f612e6176726f00044156524fffff"
          + "fffffffffffe0000000000000000000000000000006400000000000000640000000000000007";

  private static final ScanSplit TAIL = tail(Optional.of(new RunCheckpoint("g", 7)));

  private static ScanSplit tail(Optional<RunCheckpoint> checkpoint) {
    return new ScanSplit(
        "tail",
        "",
        List.of(
            new Tail(
                Optional.of(-9L),
                checkpoint,
                Map.of(0, 41L, 2, 17L),
                Map.of(0, 44L),
                Map.of(0, Roaring64Bitmap.bitmapOf(42, 44)))),
        0);
  }

  private static final String VERSION_3 =
      "00047461696c000000000000000000000000000000010201fffffffffffffff70000000200000000"
          + "00000000000000290000000200000000000000110000000100000000000000000000002c00000001"
          + "000000000000003e01010000000000000004000000000000000000000000000000000001000000fe"
          + "010000000102020000002a002c0001000000000000000000000000000000";

  private static final String VERSION_4 =
      VERSION_3.replace("fffffffffffffff7", "fffffffffffffff701000167" + "0000000000000007");

  private final ScanSplitSerializer splits = new ScanSplitSerializer();
  private final ScanStateSerializer states = new ScanStateSerializer();

  @Test
  void splitComesBackAsItWas() throws IOException {
    assertThat(splits.deserialize(4, splits.serialize(SPLIT))).isEqualTo(SPLIT);
    assertThat(splits.deserialize(4, splits.serialize(LIVE))).isEqualTo(LIVE);
  }

  @Test
  void bytesOfVersion1AreStillRead() throws IOException {
    assertThat(splits.deserialize(1, HexFormat.of().parseHex(VERSION_1))).isEqualTo(SPLIT);
  }

  @Test
  void bytesOfVersion2AreStillRead() throws IOException {
    assertThat(splits.deserialize(2, HexFormat.of().parseHex(VERSION_2))).isEqualTo(LIVE);
  }

  @Test
  void bytesOfVersion3AreStillRead() throws IOException {
    assertThat(splits.deserialize(3, HexFormat.of().parseHex(VERSION_3)))
        .isEqualTo(tail(Optional.empty()));
  }

  @Test
  void bytesOfVersion4AreThese() throws IOException {
    assertThat(HexFormat.of().formatHex(splits.serialize(LIVE))).isEqualTo(VERSION_2);
    assertThat(HexFormat.of().formatHex(splits.serialize(TAIL))).isEqualTo(VERSION_4);
    assertThat(splits.deserialize(4, HexFormat.of().parseHex(VERSION_4))).isEqualTo(TAIL);
  }

  @Test
  void tokenMayBeLongerThan64Kilobytes() throws IOException {
    var split = new ScanSplit("s", "0123456789".repeat(10_000), List.of(), 0);
    assertThat(splits.deserialize(4, splits.serialize(split))).isEqualTo(split);
  }

  @Test
  void stateOfTheEnumeratorComesBackAsItWas() throws IOException {
    var state = new ScanState(true, Optional.of(-5L), List.of(SPLIT, LIVE));
    assertThat(states.deserialize(4, states.serialize(state))).isEqualTo(state);
    assertThat(states.deserialize(4, states.serialize(ScanState.NEW))).isEqualTo(ScanState.NEW);
  }

  @Test
  void stateOfVersion1IsStillRead() throws IOException {
    var bytes = HexFormat.of().parseHex("0100000001" + VERSION_1);
    assertThat(states.deserialize(1, bytes))
        .isEqualTo(new ScanState(true, Optional.empty(), List.of(SPLIT)));
  }

  @Test
  void anotherVersionIsRefused() {
    assertThatThrownBy(() -> splits.deserialize(5, new byte[0]))
        .hasMessageContaining("found version 5, expected 1 to 4");
  }
}
