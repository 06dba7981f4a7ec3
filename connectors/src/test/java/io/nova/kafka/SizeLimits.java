package io.nova.kafka;

import java.util.Properties;

/** Size limits of topics that no broker has. */
public final class SizeLimits {
  private SizeLimits() {}

  /** The limit of a topic that takes batches of this size, for a producer that compresses. */
  public static SizeLimit of(int bytes) {
    Properties producer = new Properties();
    producer.setProperty("max.request.size", Integer.toString(64 << 20));
    producer.setProperty("compression.type", "zstd");
    SizeLimit limit = new SizeLimit("any", producer);
    limit.limit(bytes, "producer");
    return limit;
  }
}
