package io.nova.block;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.nova.block.ShardState.PageId;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The packed fingerprints of a shard's sealed intervals, in state, in pages of some hundreds: what
 * it costs to look for a late copy does not grow with what came in within five minutes. Pages that
 * were read or written lately are in a cache that the shards of a task share.
 *
 * <p>An interval has two to the power of b pages, where b is the least with at most {@link
 * #LARGEST} fingerprints to a page, evenly. The b highest bits of a fingerprint name its page. All
 * pages of an interval are written together, also those that are empty: one that is missing was
 * forgotten. What was sealed before there were pages is there whole.
 *
 * <p>Not thread safe.
 */
final class ColdPages {
  /** Fingerprints of a page, on average at most. Part of the stored form. */
  static final int LARGEST = 512;

  /** What an entry of the cache takes beside its bytes, about: objects, key and the cache's own. */
  private static final int OVERHEAD_BYTES = 350;

  /** Stands for the page of an interval that has none. */
  private static final int WHOLE = -1;

  private final int shard;
  private final ShardState state;
  private final Cache<Key, PackedFingerprints> cache;

  record Key(int shard, long interval, int page) {}

  ColdPages(int shard, ShardState state, Cache<Key, PackedFingerprints> cache) {
    this.shard = shard;
    this.state = state;
    this.cache = cache;
  }

  /** A cache for the shards of one task, of at most this many bytes. */
  static Cache<Key, PackedFingerprints> cache(long bytes) {
    return Caffeine.newBuilder()
        .maximumWeight(bytes)
        .weigher((Key key, PackedFingerprints packed) -> packed.stored().length + OVERHEAD_BYTES)
        .executor(Runnable::run)
        .build();
  }

  /** How many bits of a fingerprint name its page, where an interval has so many of them. */
  static int pageBits(int count) {
    long pages = (count + (LARGEST - 1L)) / LARGEST;
    return pages <= 1 ? 0 : Long.SIZE - Long.numberOfLeadingZeros(pages - 1);
  }

  /** The page of a fingerprint. */
  static int pageOf(long high, int pageBits) {
    return pageBits == 0 ? 0 : (int) (high >>> (Long.SIZE - pageBits));
  }

  /**
   * Those fingerprints of an interval among which one would be; null where they were forgotten.
   *
   * @param count how many the interval has, by the shard's index
   * @param high of the fingerprint
   */
  @Nullable PackedFingerprints find(long interval, int count, long high) {
    PackedFingerprints page = load(interval, pageOf(high, pageBits(count)));
    return page == null ? load(interval, WHOLE) : page;
  }

  private @Nullable PackedFingerprints load(long interval, int page) {
    Key key = new Key(shard, interval, page);
    PackedFingerprints packed = cache.getIfPresent(key);
    if (packed == null) {
      packed = read(interval, page);
      if (packed != null) {
        cache.put(key, packed);
      }
    }
    return packed;
  }

  private @Nullable PackedFingerprints read(long interval, int page) {
    byte[] stored =
        page == WHOLE ? state.wholeCold(interval) : state.cold(new PageId(interval, page));
    return stored == null ? null : PackedFingerprints.read(stored);
  }

  /** Hands out all that is left of an interval, past the cache. */
  void readAll(long interval, int count, Consumer<PackedFingerprints> consumer) {
    for (int page = WHOLE; page < pages(count); page++) {
      PackedFingerprints packed = read(interval, page);
      if (packed != null) {
        consumer.accept(packed);
      }
    }
  }

  /**
   * Writes an interval, in place of what there was of it.
   *
   * @param count how many fingerprints it has, by the shard's index: more than it is given where
   *     some were forgotten
   */
  void write(long interval, int count, FingerprintList fingerprints, WitnessList witnesses) {
    List<PackedFingerprints> packed =
        PackedFingerprints.pages(fingerprints, witnesses, pageBits(count));
    for (int page = 0; page < packed.size(); page++) {
      state.putCold(new PageId(interval, page), packed.get(page).stored());
      cache.put(new Key(shard, interval, page), packed.get(page));
    }
    removeWhole(interval);
  }

  /** Drops an interval. */
  void remove(long interval, int count) {
    for (int page = 0; page < pages(count); page++) {
      state.removeCold(new PageId(interval, page));
      cache.invalidate(new Key(shard, interval, page));
    }
    removeWhole(interval);
  }

  /** Asks first: a removal would be written for each interval, though hardly any has it. */
  private void removeWhole(long interval) {
    if (state.wholeCold(interval) != null) {
      state.removeWholeCold(interval);
    }
    cache.invalidate(new Key(shard, interval, WHOLE));
  }

  private static int pages(int count) {
    return 1 << pageBits(count);
  }
}
