package io.nova.workload.replay;

import io.nova.workload.topic.RejectedMessage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A set of messages, by topic and bytes. It keeps 128 bits of a digest of each, which take about 80
 * bytes of memory. For one thread.
 */
final class SeenMessages {
  private final Set<Words> seen = new HashSet<>();
  private final MessageDigest digest = sha256();

  private record Words(long high, long low) {}

  /** Adds a message; false when one of the same topic, envelope and bytes is there already. */
  boolean add(RejectedMessage message) {
    digest.update(message.topic().getBytes(StandardCharsets.UTF_8));
    add(message.envelope());
    add(message.value());
    ByteBuffer bits = ByteBuffer.wrap(digest.digest());
    return seen.add(new Words(bits.getLong(), bits.getLong()));
  }

  /** The length comes first, so that two texts never look like one. */
  private void add(byte @Nullable [] bytes) {
    digest.update(ByteBuffer.allocate(4).putInt(bytes == null ? -1 : bytes.length).flip());
    if (bytes != null) {
      digest.update(bytes);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256.", e);
    }
  }
}
