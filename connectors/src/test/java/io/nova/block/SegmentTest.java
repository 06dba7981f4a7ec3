package io.nova.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SegmentTest {

  private static byte[] body() {
    return ByteBuffer.allocate(2 * 20 + 3)
        .putLong(1)
        .putLong(-2)
        .putInt(3)
        .put("row".getBytes(StandardCharsets.UTF_8))
        .putLong(0)
        .putLong(0)
        .putInt(0)
        .array();
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
    for (byte[] stored : List.of(Segment.plain(body(), 43, 2), Segment.compressed(body(), 43, 2))) {
      assertThat(rows(stored)).containsExactly("1 -2 row", "0 0 ");
      assertThat(Segment.count(stored)).isEqualTo(2);
    }
    assertThat(Segment.isPlain(Segment.plain(body(), 43, 2))).isTrue();
    assertThat(Segment.isPlain(Segment.compressed(body(), 43, 2))).isFalse();
  }

  @Test
  void everyDamagedByteIsNoticed() {
    for (byte[] stored : List.of(Segment.plain(body(), 43, 2), Segment.compressed(body(), 43, 2))) {
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
