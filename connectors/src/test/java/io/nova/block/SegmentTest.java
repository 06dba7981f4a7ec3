package io.nova.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SegmentTest {

  private static final Witness WITNESS = new Witness(-5, 6, 7, 8);

  private static List<byte[]> stored() {
    byte[] row = "row".getBytes(StandardCharsets.UTF_8);
    byte[] bytes = new byte[200];
    ByteBuffer body = ByteBuffer.wrap(bytes);
    Segment.append(body, 1, -2, null, row, 0, 3);
    Segment.append(body, 0, 0, WITNESS, row, 1, 0);
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
      assertThat(rows(stored)).containsExactly("1 -2 row", "0 0 ");
      assertThat(Segment.count(stored)).isEqualTo(2);
    }
    assertThat(Segment.isPlain(stored().get(0))).isTrue();
    assertThat(Segment.isPlain(stored().get(1))).isFalse();
  }

  @Test
  void witnessesAreReadBack() {
    for (byte[] stored : stored()) {
      List<Optional<Witness>> witnesses = new ArrayList<>();
      Segment.readEntries(
          stored,
          (high, low, witnessAt, rows, offset, length) ->
              witnesses.add(Optional.ofNullable(Segment.witness(rows, witnessAt))));
      assertThat(witnesses).containsExactly(Optional.empty(), Optional.of(WITNESS));
    }
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
