package io.nova.event.identity;

/** The 128-bit stand-in for an identity: equal identities have equal fingerprints. */
public record Fingerprint(long high, long low) {
  /** The shard that decides on every copy of this identity. */
  public int shard(int shards) {
    return (int) Long.remainderUnsigned(high, shards);
  }
}
