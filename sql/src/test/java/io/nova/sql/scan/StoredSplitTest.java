package io.nova.sql.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import org.apache.iceberg.FileFormat;
import org.junit.jupiter.api.Test;

class StoredSplitTest {

  private static final ScanSplit SPLIT =
      new ScanSplit(
          "split-1",
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

  private final ScanSplitSerializer splits = new ScanSplitSerializer();
  private final ScanStateSerializer states = new ScanStateSerializer();

  @Test
  void splitComesBackAsItWas() throws IOException {
    assertThat(splits.deserialize(1, splits.serialize(SPLIT))).isEqualTo(SPLIT);
  }

  @Test
  void bytesOfVersion1AreStillRead() throws IOException {
    assertThat(HexFormat.of().formatHex(splits.serialize(SPLIT))).isEqualTo(VERSION_1);
    assertThat(splits.deserialize(1, HexFormat.of().parseHex(VERSION_1))).isEqualTo(SPLIT);
  }

  @Test
  void stateOfTheEnumeratorComesBackAsItWas() throws IOException {
    var state = new ScanState(true, List.of(SPLIT, SPLIT));
    assertThat(states.deserialize(1, states.serialize(state))).isEqualTo(state);
    var unplanned = new ScanState(false, List.of());
    assertThat(states.deserialize(1, states.serialize(unplanned))).isEqualTo(unplanned);
  }

  @Test
  void anotherVersionIsRefused() {
    assertThatThrownBy(() -> splits.deserialize(2, new byte[0]))
        .hasMessageContaining("found version 2, expected 1");
  }
}
