package io.nova.send;

import io.nova.input.Messages;
import io.nova.input.ProgressListener;

/**
 * Sends messages to a topic. A message that is refused is named in the report and the rest goes on.
 * One instance may be used again; for one thread at a time.
 */
public final class Sender {
  /** So many refusals are named one by one; the others only by index. */
  public static final int MAX_NAMED_REFUSALS = 20;

  private final String bootstrapServers;
  private final String topic;

  public Sender(String bootstrapServers, String topic) {
    this.bootstrapServers = bootstrapServers;
    this.topic = topic;
  }

  /**
   * Sends all messages in their order and waits until the broker has acknowledged or refused each.
   * An interrupt ends it early: what was handed over is waited for, the report says that it is not
   * complete, and the thread stays interrupted.
   *
   * @throws java.io.UncheckedIOException when the messages cannot be read
   * @throws org.apache.kafka.common.KafkaException when the broker cannot be reached at all
   */
  public SendReport send(Messages messages, Pace pace, ProgressListener progress) {
    throw new UnsupportedOperationException(
        "Sending " + messages.name() + " to " + topic + " at " + bootstrapServers);
  }
}
