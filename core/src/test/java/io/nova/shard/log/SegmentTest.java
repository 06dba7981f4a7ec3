package io.nova.shard.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.nova.shard.fingerprint.PackedWitnesses;
import io.nova.shard.fingerprint.Witness;
import io.nova.shard.fingerprint.WitnessList;
import io.nova.shard.log.Segment.Remembered;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SegmentTest {
  private static final Witness WITNESS = new Witness(-5, 6, 7, 8);

  private static List<byte[]> stored() {
    WitnessList witnesses = new WitnessList();
    witnesses.add(null);
    witnesses.add(WITNESS);
    return stored(PackedWitnesses.of(witnesses));
  }

  private static List<byte[]> stored(PackedWitnesses witnesses) {
    byte[] row = "row".getBytes(StandardCharsets.UTF_8);
    byte[] bytes = new byte[200];
    ByteBuffer body = ByteBuffer.wrap(bytes);
    Segment.append(body, 1, -2, row, 0, 3);
    Segment.append(body, 0, 0, row, 1, 0);
    return List.of(
        Segment.plain(bytes, body.position(), 2, Remembered.of(witnesses)),
        Segment.compressed(bytes, body.position(), 2, Remembered.of(witnesses)));
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
      WitnessList witnesses = Segment.witnesses(stored, null);
      assertThat(witnesses.size()).isEqualTo(2);
      assertThat(witnesses.get(0)).isNull();
      assertThat(witnesses.get(1)).isEqualTo(WITNESS);
    }
  }

  @Test
  void whatIsNotRememberedTakesNoRoom() {
    for (byte[] stored : stored(null)) {
      assertThat(rows(stored)).containsExactly("1 -2 row", "0 0 ");
      WitnessList witnesses = Segment.witnesses(stored, null);
      assertThat(witnesses.size()).isEqualTo(2);
      assertThat(witnesses.any()).isFalse();
    }
    assertThat(stored(null).get(0)).hasSize(18 + 2 * Segment.ROW_OVERHEAD_BYTES + 3);
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
        assertThatIllegalStateException().isThrownBy(() -> Segment.witnesses(damaged, null));
      }
      for (int length = 0; length < stored.length; length++) {
        byte[] torn = Arrays.copyOf(stored, length);
        assertThatIllegalStateException().isThrownBy(() -> rows(torn));
        assertThatIllegalStateException().isThrownBy(() -> Segment.witnesses(torn, null));
      }
    }
  }
}
