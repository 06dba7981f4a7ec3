package io.nova.shard.fingerprint;

/**
 * The fingerprints that are stored of one admitted event: one of its identity and, where its
 * payload is tracked, a second one of identity and payload.
 *
 * <p>The lowest bit of an identity's fingerprint is replaced. It is 1 where the payload is tracked,
 * and 0 where it is not. So a search that finds an identity, but not the payload, knows whether the
 * payloads differ. Two identities meet where 127 bits agree.
 *
 * <p>A payload's fingerprint has the high half of the identity's, so both are in the same page. Its
 * low half is the identity's with the digest added by exclusive or, and ends in 0. Two payloads of
 * one identity meet where 63 bits of their digests agree.
 */
public final class EventFingerprints {
  private static final long TRACKED = 1;

  private EventFingerprints() {}

  /** The low half that is stored of an identity. */
  public static long identity(long low, boolean tracked) {
    return tracked ? low | TRACKED : low & ~TRACKED;
  }

  /** The low half that is stored of an identity and a payload digest. */
  public static long payload(long low, long digest) {
    return (low ^ digest) & ~TRACKED;
  }

  /** Whether an identity's stored fingerprint has a payload's fingerprint beside it. */
  public static boolean isTracked(long low) {
    return (low & TRACKED) != 0;
  }

  /** Whether two low halves agree in all bits but the lowest. */
  static boolean agree(long low, long other) {
    return ((low ^ other) & ~TRACKED) == 0;
  }
}
