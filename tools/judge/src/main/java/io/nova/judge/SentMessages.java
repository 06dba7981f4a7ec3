package io.nova.judge;

import io.nova.judge.record.Content;
import io.nova.judge.record.Digest;
import io.nova.judge.record.Reason;
import io.nova.judge.record.RecordMapping;
import io.nova.judge.record.SentReader;
import io.nova.judge.record.SentRecord;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the judge keeps of each sent message, 72 bytes: digests, block, faults, and later its
 * outcome. For one thread.
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
  private final SentReader reader;
  private final Digest digest = new Digest();
  private final LongRows rows = new LongRows(8);
  private MessageOutcome[] outcomes = new MessageOutcome[0];

  SentMessages(long blockMicros, RecordMapping mapping) {
    this.reader = new SentReader(mapping);
    this.blockMicros = blockMicros;
  }

  static Digest.Words bytesDigest(byte @Nullable [] value) {
    return value == null ? NO_VALUE : Digest.of(value);
  }

  void add(byte @Nullable [] value) {
    SentRecord record = reader.read(value);
    Digest.Words bytes = bytesDigest(value);
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
