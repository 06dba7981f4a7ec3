package io.nova.judge;

import io.nova.judge.record.Content;
import io.nova.judge.record.Digest;
import io.nova.judge.record.Reason;
import io.nova.judge.record.RecordMapping;
import io.nova.judge.record.SentElements;
import io.nova.judge.record.SentElements.SentElement;
import io.nova.judge.record.SentRecord;
import io.nova.workload.input.Message;
import io.nova.workload.topic.RejectedMessage;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the judge keeps of each sent record, 72 bytes: digests, block, faults, and later its
 * outcome. A record is a message, or an element of one. For one thread.
 */
final class SentMessages {
  static final int IDENTITY = 0;
  static final int PAYLOAD = 2;
  static final int BYTES = 4;
  static final int BLOCK = 6;
  private static final int FAULTS = 7;

  private static final Digest.Words NO_VALUE = new Digest.Words(0, 1);
  private static final Digest.Words NONE = new Digest.Words(0, 0);

  private final long blockMicros;
  private final SentElements reader;
  private final Digest digest = new Digest();
  private final LongRows rows = new LongRows(8);
  private MessageOutcome[] outcomes = new MessageOutcome[0];

  SentMessages(long blockMicros, RecordMapping mapping) {
    this.reader = new SentElements(mapping);
    this.blockMicros = blockMicros;
  }

  /** The digest of a whole message, or of an element with its envelope. */
  static Digest.Words bytesDigest(byte @Nullable [] value, byte @Nullable [] envelope) {
    if (envelope == null) {
      return value == null ? NO_VALUE : Digest.of(value);
    }
    byte[] element = value == null ? new byte[0] : value;
    return Digest.of(
        ByteBuffer.allocate(Integer.BYTES + envelope.length + element.length)
            .putInt(envelope.length)
            .put(envelope)
            .put(element)
            .array());
  }

  /** The digest of a rejected record, which equals that of the record that was sent. */
  Digest.Words bytesDigest(RejectedMessage rejected) {
    return bytesDigest(rejected.value(), reader.compared(rejected.envelope()));
  }

  void add(Message message) {
    reader.of(message).forEach(this::add);
  }

  private void add(SentElement element) {
    Digest.Words bytes = bytesDigest(element.value(), element.envelope());
    SentRecord record = element.record();
    Content content = record.content();
    Digest.Words identity = NONE;
    Digest.Words payload = NONE;
    long block = Long.MIN_VALUE;
    if (content != null) {
      identity = content.identity(digest).orElse(NONE);
      payload = content.payload(digest);
      block = Math.floorDiv(content.uploadMicros().orElse(0L), blockMicros);
    }
    rows.add(
        identity.high(),
        identity.low(),
        payload.high(),
        payload.low(),
        bytes.high(),
        bytes.low(),
        block,
        Reason.bits(record.faults()));
  }

  LongRows rows() {
    return rows;
  }

  int size() {
    return rows.size();
  }

  /** The reasons for which the message must be rejected, as bits; 0 for a good message. */
  long faults(int message) {
    return rows.get(message, FAULTS);
  }

  long block(int message) {
    return rows.get(message, BLOCK);
  }

  MessageOutcome outcome(int message) {
    return message < outcomes.length && outcomes[message] != null
        ? outcomes[message]
        : MessageOutcome.OPEN;
  }

  void settle(int message, MessageOutcome outcome) {
    if (outcomes.length < rows.size()) {
      outcomes = Arrays.copyOf(outcomes, rows.size());
    }
    outcomes[message] = outcome;
  }
}
