package io.nova.shard.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SegmentTest {
  /** One row with a tracked payload, and one without. */
  private static List<byte[]> stored() {
    byte[] row = "row".getBytes(StandardCharsets.UTF_8);
    byte[] bytes = new byte[200];
    ByteBuffer body = ByteBuffer.wrap(bytes);
    Segment.append(body, 1, -1, 77, row, 0, 3);
    Segment.append(body, 0, 0, 88, row, 1, 0);
    return List.of(
        Segment.plain(bytes, body.position(), 2), Segment.compressed(bytes, body.position(), 2));
  }

  private static List<String> rows(byte[] stored) {
    List<String> rows = new ArrayList<>();
    Segment.read(
        stored,
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
  void rowsAreReadBack() {
    for (byte[] stored : stored()) {
      assertThat(rows(stored)).containsExactly("1 -1 row", "0 0 ");
      assertThat(Segment.count(stored)).isEqualTo(2);
    }
    assertThat(Segment.isPlain(stored().get(0))).isTrue();
    assertThat(Segment.isPlain(stored().get(1))).isFalse();
  }

  @Test
  void payloadsAreReadBackAndTakeNoRoomWhereTheyAreNotTracked() {
    for (byte[] stored : stored()) {
      List<Long> payloads = new ArrayList<>();
      Segment.readEntries(
          stored, (high, low, payloadLow, bytes, offset, length) -> payloads.add(payloadLow));
      assertThat(payloads).containsExactly(77L, 0L);
    }
    assertThat(stored().get(0)).hasSize(14 + 2 * Segment.ROW_OVERHEAD_BYTES - 8 + 3);
  }

  @Test
  void everyDamagedByteIsNoticed() {
    for (byte[] stored : stored()) {
      for (int i = 0; i < stored.length; i++) {
        byte[] damaged = stored.clone();
        damaged[i] ^= 0x01;
        assertThatIllegalStateException()
            .as("byte " + i)
            .isThrownBy(() -> rows(damaged))
            .withMessageContaining("restore an older checkpoint");
      }
      for (int length = 0; length < stored.length; length++) {
        byte[] torn = Arrays.copyOf(stored, length);
        assertThatIllegalStateException().isThrownBy(() -> rows(torn));
      }
    }
  }
}
