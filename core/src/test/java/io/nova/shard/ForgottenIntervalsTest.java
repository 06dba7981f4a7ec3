package io.nova.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ForgottenIntervalsTest {
  private static final int GAP = 2;

  private final ForgottenIntervals forgotten = new ForgottenIntervals(GAP);

  @Test
  void closeIntervalsAreOneRangeAndFarOnesAreNot() {
    for (long interval : new long[] {10, 5, 8, 20}) {
      forgotten.add(interval);
    }

    assertThat(forgotten.asMap()).isEqualTo(Map.of(5L, 10L, 20L, 20L));
    assertThat(forgotten.anyOf(11, 19)).isFalse();
    assertThat(forgotten.anyOf(11, 20)).isTrue();
    assertThat(forgotten.anyOf(0, 5)).isTrue();
    assertThat(forgotten.anyOf(0, 4)).isFalse();
  }

  @Test
  void rangeTakesTheOnesThatItReaches() {
    for (long interval : new long[] {5, 20, 30, 43, 50}) {
      forgotten.add(interval);
    }
    forgotten.add(18, 40);

    assertThat(forgotten.asMap()).isEqualTo(Map.of(5L, 5L, 18L, 43L, 50L, 50L));
    forgotten.add(Long.MIN_VALUE / 2, 19);
    assertThat(forgotten.asMap()).isEqualTo(Map.of(Long.MIN_VALUE / 2, 43L, 50L, 50L));
  }

  @Test
  void theClosestRangesAreJoinedWhereThereAreTooMany() {
    for (int i = 0; i < ForgottenIntervals.MOST; i++) {
      forgotten.add(i * 100L);
    }
    forgotten.add(550);

    assertThat(forgotten.asMap()).hasSize(ForgottenIntervals.MOST).containsEntry(500L, 550L);
  }

  @Test
  void everyAddedIntervalIsForgottenHoweverManyThereAre() {
    Random random = new Random(3);
    TreeSet<Long> added = new TreeSet<>();
    for (int i = 0; i < 2_000; i++) {
      long interval = random.nextInt(50) * 1_000L + random.nextInt(20);
      forgotten.add(interval);
      added.add(interval);

      assertThat(forgotten.asMap()).hasSizeLessThanOrEqualTo(ForgottenIntervals.MOST);
      assertThat(added).allMatch(one -> forgotten.anyOf(one, one));
    }
  }
}
