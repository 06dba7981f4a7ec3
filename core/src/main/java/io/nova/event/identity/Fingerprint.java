package io.nova.event.identity;

/** The 128-bit hash of an identity. Equal identities have equal fingerprints. */
public record Fingerprint(long high, long low) {
  /** The shard that decides on all events of this identity. */
  public int shard(int shards) {
    return (int) Long.remainderUnsigned(high, shards);
  }
}
