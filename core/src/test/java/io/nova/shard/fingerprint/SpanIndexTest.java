package io.nova.shard.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SpanIndexTest {
  private static final long SPAN = -2;
  private static final long FIRST = SPAN * SpanIndex.INTERVALS;
  private static final long LAST = FIRST + SpanIndex.INTERVALS - 1;

  private final SpanIndex index = new SpanIndex(SPAN);

  private List<Long> found(long from, long to, long low) {
    List<Long> intervals = new ArrayList<>();
    boolean ended =
        index.find(
            from,
            to,
            low,
            interval -> {
              intervals.add(interval);
              return false;
            });
    assertThat(ended).isFalse();
    return intervals;
  }

  private static int[] tags(long... lows) {
    int[] tags = new int[lows.length];
    for (int i = 0; i < tags.length; i++) {
      tags[i] = SpanIndex.tag(lows[i]);
    }
    return tags;
  }

  @Test
  void everyIntervalThatWasAddedIsNamedAndNoOther() {
    Map<Long, Set<Long>> expected = new HashMap<>();
    Random random = new Random(7);
    for (int addition = 0; addition < 400; addition++) {
      long interval = FIRST + random.nextInt(SpanIndex.INTERVALS);
      long[] lows = new long[random.nextInt(300)];
      for (int i = 0; i < lows.length; i++) {
        // Bits that tables order by agree in many of them: long chains, round the end, too.
        long bits = random.nextInt(20) > 0 ? random.nextInt() : -1 - random.nextInt(50);
        lows[i] = bits << Integer.SIZE;
        expected
            .computeIfAbsent((long) SpanIndex.tag(lows[i]), tag -> new HashSet<>())
            .add(interval);
      }
      index.add(interval, tags(lows));
    }
    expected.forEach(
        (tag, intervals) ->
            assertThat(found(FIRST, LAST, tag << Integer.SIZE))
                .containsExactlyInAnyOrderElementsOf(intervals));
    for (int i = 0; i < 10_000; i++) {
      long tag = random.nextInt();
      assertThat(found(FIRST, LAST, tag << Integer.SIZE))
          .hasSameSizeAs(expected.getOrDefault(tag, Set.of()));
    }
    long entries = expected.values().stream().mapToLong(Set::size).sum();
    assertThat(index.heapBytes()).isBetween(5 * entries, 8 * entries);
  }

  @Test
  void onlyIntervalsThatWereAskedForAreNamedAndAnAnswerEndsTheSearch() {
    for (long interval = FIRST; interval <= LAST; interval++) {
      index.add(interval, tags(0, 5L << Integer.SIZE));
    }
    assertThat(found(FIRST + 3, FIRST + 4, 0)).containsExactlyInAnyOrder(FIRST + 3, FIRST + 4);
    assertThat(found(FIRST - 9, FIRST, 0)).containsExactly(FIRST);

    List<Long> seen = new ArrayList<>();
    boolean ended =
        index.find(
            FIRST,
            LAST,
            0,
            interval -> {
              seen.add(interval);
              return true;
            });
    assertThat(ended).isTrue();
    assertThat(seen).hasSize(1);
  }
}
