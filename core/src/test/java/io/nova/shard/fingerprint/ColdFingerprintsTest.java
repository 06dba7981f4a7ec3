package io.nova.shard.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.nova.shard.CopyKind;
import io.nova.shard.HeapShardState;
import io.nova.shard.ShardState.PageId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ColdFingerprintsTest {
  private static final int SHARD = 3;
  private static final long NO_CACHE = 1;

  private final HeapShardState state = new HeapShardState();
  private final Map<Long, Map<List<Long>, Optional<Long>>> expected = new HashMap<>();
  private ColdFingerprints cold = restarted(1 << 20);

  private ColdFingerprints restarted(long cacheBytes) {
    return new ColdFingerprints(SHARD, state, new ColdCache(cacheBytes).fingerprints());
  }

  /** Adds new events to an interval, each with a tracked payload if any is to have one. */
  private void add(long interval, int count, boolean tracked, Random random) {
    FingerprintSet part = new FingerprintSet();
    Map<List<Long>, Optional<Long>> there =
        expected.computeIfAbsent(interval, i -> new HashMap<>());
    for (int i = 0; i < count; i++) {
      List<Long> pair = List.of(random.nextLong(), random.nextLong());
      Optional<Long> payload = tracked ? Optional.of(random.nextLong()) : Optional.empty();
      add(part, pair.get(0), pair.get(1), payload);
      there.put(pair, payload);
    }
    cold.add(interval, part);
  }

  private static void add(FingerprintSet part, long high, long low, Optional<Long> payload) {
    part.add(high, EventFingerprints.identity(low, payload.isPresent()));
    payload.ifPresent(digest -> part.add(high, EventFingerprints.payload(low, digest)));
  }

  /** What a search in one interval comes to. */
  private record Look(boolean known, Optional<CopyKind> found) {
    private static final Look NOT_THERE = new Look(true, Optional.empty());
  }

  private Look look(long interval, long high, long low) {
    return look(interval, high, low, 0);
  }

  private Look look(long interval, long high, long low, long payload) {
    CopySearch search = new CopySearch().begin(high, low, true, payload);
    ColdFingerprints.Range range = cold.range(interval, interval);
    boolean known = range.look(search);
    if (search.found() && search.kind() == CopyKind.CONFLICTING) {
      known &= range.look(search.forPayload());
    }
    return new Look(known, search.found() ? Optional.of(search.kind()) : Optional.empty());
  }

  private void allAreThere() {
    expected.forEach(
        (interval, pairs) ->
            pairs.forEach(
                (pair, payload) -> {
                  CopyKind same = payload.isPresent() ? CopyKind.NATURAL : CopyKind.UNKNOWN;
                  CopyKind other = payload.isPresent() ? CopyKind.CONFLICTING : CopyKind.UNKNOWN;
                  long digest = payload.orElse(7L);
                  assertThat(look(interval, pair.get(0), pair.get(1), digest))
                      .isEqualTo(new Look(true, Optional.of(same)));
                  assertThat(look(interval, pair.get(0), pair.get(1), digest ^ 2))
                      .isEqualTo(new Look(true, Optional.of(other)));
                }));
  }

  /** Includes fingerprints that the index finds, but the pages do not have. */
  private void othersAreNot(Random random) {
    expected.forEach(
        (interval, pairs) ->
            pairs
                .keySet()
                .forEach(
                    pair ->
                        assertThat(look(interval, random.nextLong(), pair.get(1)))
                            .isEqualTo(Look.NOT_THERE)));
  }

  @Test
  void holdWhatCameInHoweverManyPagesItTakes() {
    for (int seed = 0; seed < 10; seed++) {
      ColdFingerprintsTest shard = new ColdFingerprintsTest();
      Random random = new Random(seed);
      for (int part = 0; part < 8; part++) {
        boolean tracked = random.nextInt(3) > 0;
        shard.add(100 + random.nextInt(3), random.nextInt(1200), tracked, random);
        if (random.nextBoolean()) {
          shard.cold = shard.restarted(random.nextBoolean() ? NO_CACHE : 1 << 20);
        }
        shard.allAreThere();
        shard.othersAreNot(random);
      }
      long all =
          shard.expected.values().stream()
              .flatMap(pairs -> pairs.values().stream())
              .mapToLong(payload -> payload.isPresent() ? 2 : 1)
              .sum();
      assertThat(shard.cold.size()).isEqualTo(all);
    }
  }

  @Test
  void aPageHasSomeHundredsHoweverManyThereAre() {
    add(7, 100_000, false, new Random(1));

    assertThat(state.coldPages()).hasSize(256);
    for (PageId page : state.coldPages()) {
      assertThat(PackedFingerprints.read(state.cold(page)).count()).isBetween(300, 512);
    }
  }

  @Test
  void pagesAreNamedByTheHighestBits() {
    assertThat(ColdPages.pageBits(0)).isZero();
    assertThat(ColdPages.pageBits(512)).isZero();
    assertThat(ColdPages.pageBits(513)).isEqualTo(1);
    assertThat(ColdPages.pageBits(1024)).isEqualTo(1);
    assertThat(ColdPages.pageBits(1025)).isEqualTo(2);
    assertThat(ColdPages.pageBits(Integer.MAX_VALUE)).isEqualTo(22);

    assertThat(ColdPages.pageOf(-1, 0)).isZero();
    assertThat(ColdPages.pageOf(-1, 3)).isEqualTo(7);
    assertThat(ColdPages.pageOf(Long.MAX_VALUE, 3)).isEqualTo(3);
    assertThat(ColdPages.pageOf(1, 3)).isZero();
  }

  /** An empty page is stored: a missing one was forgotten. */
  @Test
  void anEmptyPageIsNotForgotten() {
    FingerprintSet set = new FingerprintSet();
    for (int i = 1; i <= 600; i++) {
      set.add(i, (long) i << 40);
    }
    cold.add(7, set);
    cold = restarted(NO_CACHE);

    assertThat(state.coldPages()).hasSize(2);
    assertThat(look(7, -1, 1L << 40)).isEqualTo(Look.NOT_THERE);
    assertThat(look(7, 1, 1L << 40).found()).isPresent();
  }

  /** The TTL removes single pages. */
  @Test
  void aForgottenPageIsNotGuessedAt() {
    Random random = new Random(2);
    cold = restarted(NO_CACHE);
    add(7, 3000, false, random);
    add(8, 10, true, random);
    allAreThere();
    state.removeCold(new PageId(7, 5));

    int bits = ColdPages.pageBits(3000);
    expected
        .get(7L)
        .forEach(
            (pair, payload) -> {
              boolean forgotten = ColdPages.pageOf(pair.get(0), bits) == 5;
              Look look = look(7, pair.get(0), pair.get(1));
              assertThat(look.found().isPresent()).isEqualTo(!forgotten);
              assertThat(look.known()).isEqualTo(!forgotten);
            });

    addOne(7, 4L << 61);
    assertThat(look(7, 1, 1).known()).as("not among the forgotten").isTrue();
    addOne(7, 5L << 61);
    assertThat(look(7, 5L << 61, 5).found()).isPresent();
    assertThat(look(7, 1, 1).known()).as("a late part does not hide them").isFalse();
    assertThat(look(8, 1, 1).known()).isTrue();
    cold = restarted(NO_CACHE);
    assertThat(look(7, 1, 1).known()).isFalse();
    assertThat(look(8, 1, 1).known()).isTrue();
  }

  private void addOne(long interval, long high) {
    cold.add(interval, FingerprintSet.of(high, 5));
  }

  /** Otherwise a single old event would rewrite the whole interval. */
  @Test
  void aLatePartWritesThePagesThatItAddsTo() {
    Random random = new Random(6);
    add(7, 3000, false, random);
    Map<PageId, byte[]> before = new HashMap<>();
    state.coldPages().forEach(page -> before.put(page, state.cold(page)));
    cold = restarted(NO_CACHE);

    addOne(7, 5L << 61);

    before.forEach(
        (page, stored) -> assertThat(state.cold(page) != stored).isEqualTo(page.page() == 5));
    assertThat(look(7, 5L << 61, 5).found()).isPresent();
    allAreThere();
  }

  @Test
  void copiesWithOtherPayloadsStayTogetherWhenPagesAreDivided() {
    Random random = new Random(7);
    for (int part = 0; part < 6; part++) {
      FingerprintSet beside = new FingerprintSet();
      for (int i = 0; i < 50; i++) {
        add(beside, (long) i << 58, i, Optional.of(8L + part * 8L));
      }
      cold.add(7, beside);
      add(7, 400, false, random);
      cold = restarted(NO_CACHE);
      allAreThere();
    }

    assertThat(state.coldPages()).hasSize(8);
    for (int i = 0; i < 50; i++) {
      for (int payload = 0; payload < 7; payload++) {
        assertThat(look(7, (long) i << 58, i, 8L + payload * 8L).found())
            .contains(payload == 6 ? CopyKind.CONFLICTING : CopyKind.NATURAL);
      }
    }
  }

  @Test
  void whatIsDamagedIsNamed() {
    add(7, 600, true, new Random(8));
    byte[] stored = state.cold(new PageId(7, 1)).clone();
    stored[20] ^= 1;
    state.putCold(new PageId(7, 1), stored);

    cold = restarted(NO_CACHE);
    assertThatIllegalStateException()
        .isThrownBy(() -> look(7, 1, 1))
        .withMessageContaining("Shard 3, interval 7, page 1: ")
        .withMessageContaining("restore an older checkpoint");
  }

  @Test
  void nothingIsLeftOfWhatIsRemoved() {
    Random random = new Random(4);
    add(7, 2000, true, random);
    add(8, 600, false, random);
    cold = restarted(1 << 20);
    allAreThere();

    cold.removeBelow(8);

    assertThat(state.coldCounts()).containsOnlyKeys(8L);
    List<PageId> left = new ArrayList<>(state.coldPages());
    assertThat(left).allMatch(page -> page.interval() == 8);
    expected.remove(7L);
    allAreThere();
    cold.removeBelow(9);
    assertThat(state.coldPages()).isEmpty();
  }

  /** The cache must not keep old pages when a late part makes more of them. */
  @Test
  void theCacheIsTrueThroughLateParts() {
    Random random = new Random(5);
    for (int part = 0; part < 20; part++) {
      add(7, 150, part % 2 == 0, random);
      allAreThere();
    }
    assertThat(state.coldPages()).hasSize(16);
  }
}
