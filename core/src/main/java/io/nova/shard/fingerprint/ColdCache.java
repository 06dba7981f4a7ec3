package io.nova.shard.fingerprint;

import com.github.benmanes.caffeine.cache.Cache;

/**
 * A cache of pages of packed fingerprints that were read or written lately. The shards of one task
 * share it.
 */
public final class ColdCache {
  private final Cache<ColdPages.Key, PackedFingerprints> fingerprints;

  /**
   * An empty cache.
   *
   * @param bytes its maximum size
   */
  public ColdCache(long bytes) {
    this.fingerprints = ColdPages.cache(bytes);
  }

  /** The heap that it takes, in bytes. */
  public long heapBytes() {
    return fingerprints.policy().eviction().orElseThrow().weightedSize().orElse(0);
  }

  public Cache<ColdPages.Key, PackedFingerprints> fingerprints() {
    return fingerprints;
  }
}
