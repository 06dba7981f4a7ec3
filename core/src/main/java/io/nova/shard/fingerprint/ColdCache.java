package io.nova.shard.fingerprint;

import com.github.benmanes.caffeine.cache.Cache;

/** Packed fingerprints that were read lately, shared by the shards of one task. */
public final class ColdCache {
  private final Cache<ColdPages.Key, PackedFingerprints> fingerprints;

  /**
   * An empty cache.
   *
   * @param bytes of fingerprints that it may hold
   */
  public ColdCache(long bytes) {
    this.fingerprints = ColdPages.cache(bytes);
  }

  /** The heap that they take. */
  public long heapBytes() {
    return fingerprints.policy().eviction().orElseThrow().weightedSize().orElse(0);
  }

  public Cache<ColdPages.Key, PackedFingerprints> fingerprints() {
    return fingerprints;
  }
}
