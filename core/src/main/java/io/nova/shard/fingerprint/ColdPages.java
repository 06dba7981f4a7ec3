package io.nova.shard.fingerprint;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.nova.shard.ShardState;
import io.nova.shard.ShardState.PageId;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The packed fingerprints of a shard's sealed intervals, in pages of some hundreds. So the price of
 * a search does not grow with the size of an interval. Pages that were read or written lately are
 * in a cache that the shards of a task share.
 *
 * <p>An interval has 2^b pages, where b is the least number with at most {@link #MOST_ON_AVERAGE}
 * fingerprints to a page on average. The b highest bits of a fingerprint name its page. All pages
 * of an interval are written, empty ones too, so a page that is missing was forgotten. A late part
 * rewrites the pages that it adds to.
 *
 * <p>Not thread safe.
 */
final class ColdPages {
  /** The most fingerprints to a page on average. It is part of the stored form. */
  static final int MOST_ON_AVERAGE = 512;

  /** Approximate size of an entry of the cache without its page. */
  private static final int OVERHEAD_BYTES = 350;

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

  /** The number of bits that name a page, where an interval has this many fingerprints. */
  static int pageBits(int count) {
    long pages = (count + (MOST_ON_AVERAGE - 1L)) / MOST_ON_AVERAGE;
    return pages <= 1 ? 0 : Long.SIZE - Long.numberOfLeadingZeros(pages - 1);
  }

  /** The page of a fingerprint. */
  static int pageOf(long high, int pageBits) {
    return pageBits == 0 ? 0 : (int) (high >>> (Long.SIZE - pageBits));
  }

  /**
   * The page of an interval that a fingerprint belongs to; null where the page was forgotten.
   *
   * @param count the interval's number of fingerprints
   * @param high high half of the fingerprint
   */
  @Nullable PackedFingerprints find(long interval, int count, long high) {
    return load(interval, pageOf(high, pageBits(count)));
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
    byte[] stored = state.cold(new PageId(interval, page));
    try {
      return stored == null ? null : PackedFingerprints.read(stored);
    } catch (IllegalStateException unreadable) {
      throw new IllegalStateException(
          "Shard %d, interval %d, page %d: %s"
              .formatted(shard, interval, page, unreadable.getMessage()),
          unreadable);
    }
  }

  /** Passes all pages of an interval that are left to a consumer, without the cache. */
  void readAll(long interval, int count, Consumer<PackedFingerprints> consumer) {
    for (int page = 0; page < pages(count); page++) {
      PackedFingerprints packed = read(interval, page);
      if (packed != null) {
        consumer.accept(packed);
      }
    }
  }

  /**
   * Adds fingerprints to an interval. Pages that get none stay as they are, unless the number of
   * pages grows.
   *
   * @param before the interval's number of fingerprints so far
   * @return false where some of these are forgotten
   */
  boolean add(long interval, int before, FingerprintList added) {
    int count = Math.addExact(before, added.size());
    if (before == 0) {
      write(interval, count, added);
      return true;
    }
    if (pageBits(count) == pageBits(before)) {
      return addToPages(interval, pageBits(count), added);
    }
    FingerprintList all = new FingerprintList(count);
    readAll(interval, before, page -> page.appendTo(all));
    boolean complete = all.size() == before;
    all.addAll(added);
    write(interval, count, all);
    return complete;
  }

  private boolean addToPages(long interval, int pageBits, FingerprintList added) {
    boolean complete = true;
    List<PackedFingerprints> parts = PackedFingerprints.pages(added, pageBits);
    for (int page = 0; page < parts.size(); page++) {
      PackedFingerprints part = parts.get(page);
      if (part.count() > 0) {
        PackedFingerprints there = load(interval, page);
        complete &= there != null;
        put(interval, page, there == null ? part : there.with(part));
      }
    }
    return complete;
  }

  private void write(long interval, int count, FingerprintList fingerprints) {
    List<PackedFingerprints> packed = PackedFingerprints.pages(fingerprints, pageBits(count));
    for (int page = 0; page < packed.size(); page++) {
      put(interval, page, packed.get(page));
    }
  }

  private void put(long interval, int page, PackedFingerprints packed) {
    state.putCold(new PageId(interval, page), packed.stored());
    cache.put(new Key(shard, interval, page), packed);
  }

  /** Whether no page of an interval is in state any more. */
  boolean areGone(long interval, int count) {
    for (int page = 0; page < pages(count); page++) {
      if (state.cold(new PageId(interval, page)) != null) {
        return false;
      }
    }
    return true;
  }

  /** Removes an interval. */
  void remove(long interval, int count) {
    for (int page = 0; page < pages(count); page++) {
      state.removeCold(new PageId(interval, page));
      cache.invalidate(new Key(shard, interval, page));
    }
  }

  private static int pages(int count) {
    return 1 << pageBits(count);
  }
}
