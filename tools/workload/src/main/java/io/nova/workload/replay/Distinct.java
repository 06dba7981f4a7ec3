package io.nova.workload.replay;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.Set;

/**
 * Tells messages that were seen before from others, by 128 bits of a digest over topic and bytes;
 * some 80 bytes of memory for each. For one thread.
 */
final class Distinct {
  private final Set<Words> seen = new HashSet<>();
  private final MessageDigest digest = sha256();

  private record Words(long high, long low) {}

  /** Adds the message of a refusal; false when it was there. */
  boolean add(RejectedMessage refusal) {
    digest.update(refusal.topic().getBytes(StandardCharsets.UTF_8));
    byte[] original = refusal.original();
    digest.update((byte) (original == null ? 0 : 1));
    if (original != null) {
      digest.update(original);
    }
    ByteBuffer bits = ByteBuffer.wrap(digest.digest());
    return seen.add(new Words(bits.getLong(), bits.getLong()));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256.", e);
    }
  }
}
