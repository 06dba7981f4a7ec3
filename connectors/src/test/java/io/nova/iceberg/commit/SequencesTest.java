package io.nova.iceberg.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SequencesTest {
  private static List<Long> near(long least, int spread, int shards) {
    Random random = new Random(shards);
    return LongStream.range(0, shards).map(s -> least + random.nextInt(spread)).boxed().toList();
  }

  @Test
  void formatIsFixed() {
    assertThat(Sequences.encode(List.of(300L, 301L, 300L))).isEqualTo("pA6wCAAEA");
    assertThat(Sequences.decode("pA6wCAAEA")).containsExactly(300L, 301L, 300L);
    assertThat(Sequences.encode(List.of())).isEmpty();
    assertThat(Sequences.decode("")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 128, 4096, 32768})
  void sequencesAreReadAsTheyWereWritten(int shards) {
    for (int spread : new int[] {1, 3, 300, Integer.MAX_VALUE}) {
      for (long least : new long[] {0, 2016, Long.MAX_VALUE - Integer.MAX_VALUE}) {
        List<Long> sequences = near(least, spread, shards);
        assertThat(Sequences.decode(Sequences.encode(sequences))).isEqualTo(sequences);
      }
    }
    assertThat(Sequences.decode(Sequences.encode(List.of(0L, Long.MAX_VALUE))))
        .containsExactly(0L, Long.MAX_VALUE);
  }

  @Test
  void aWeekOfBlocksOfAllShardsIsShort() {
    assertThat(Sequences.encode(near(2016, 4, 128))).hasSizeLessThan(180);
    assertThat(Sequences.encode(near(2016, 4, 4096))).hasSizeLessThan(5_500);
    assertThat(Sequences.encode(near(2016, 4, 32768))).hasSizeLessThan(20_000);
    assertThat(Sequences.encode(near(2016, 300, 32768))).hasSizeLessThan(60_000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1,2,3", "p", "d", "pA6wC", "pA6wCAAEAAA", "dAAAA", "p!", "p/////w", "pgA"})
  void damagedTextIsRefused(String text) {
    assertThatIllegalStateException()
        .isThrownBy(() -> Sequences.decode(text))
        .withMessageContaining("Sequences of shards: %d characters".formatted(text.length()));
  }

  @Test
  void negativeSequenceIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Sequences.encode(List.of(1L, -1L)))
        .withMessageContaining("-1");
  }
}
