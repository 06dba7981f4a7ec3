package io.nova.judge;

import io.nova.judge.record.Digest;
import io.nova.judge.record.Reason;
import io.nova.workload.topic.RejectedMessage;
import java.util.Map;
import java.util.TreeMap;

/**
 * The records of the rejected topic. Each must have the bytes of a sent message, and a reason that
 * fits the message. For one thread.
 */
final class Rejections {
  private static final int REASON = 2;
  private static final int PARTITION = 3;
  private static final int OFFSET = 4;
  private static final int INDEX = 5;
  private static final long NO_REASON = -1;

  private final SentMessages sent;
  private final Positions admitted;
  private final Findings findings;
  private final Positions seen = new Positions();
  private final LongRows rows = new LongRows(6);
  private final Map<String, Long> byReason = new TreeMap<>();

  Rejections(SentMessages sent, Positions admitted, Findings findings) {
    this.sent = sent;
    this.admitted = admitted;
    this.findings = findings;
  }

  Map<String, Long> byReason() {
    return byReason;
  }

  /** Adds a record. A second record of one position repeats the first and is ignored. */
  void add(RejectedMessage record) {
    if (!record.hasPosition()) {
      findings.add("rejected without a position", "reason " + record.reason());
    } else if (!seen.add(record.topic(), record.partition(), record.offset(), record.index())) {
      return;
    }
    if (admitted.contains(record.topic(), record.partition(), record.offset(), record.index())) {
      findings.add("position admitted and rejected", "rejected record " + record.position());
    }
    byReason.merge(record.reason().isEmpty() ? "(none)" : record.reason(), 1L, Long::sum);
    if (record.truncated() && record.value() == null) {
      findings.add(
          "truncated, and no longer on its topic",
          "rejected record %s: the value of its message cannot be compared"
              .formatted(record.position()));
      return;
    }
    Digest.Words bytes = sent.bytesDigest(record);
    Long reason = Reason.of(record.reason()).map(r -> (long) r.code).orElse(NO_REASON);
    if (reason == NO_REASON) {
      findings.add(
          "rejected without a known reason",
          "rejected record %s: '%s'".formatted(record.position(), record.reason()));
    }
    rows.add(
        bytes.high(), bytes.low(), reason, record.partition(), record.offset(), record.index());
  }

  /** Records the outcome of every sent message that was rejected. */
  void settle() {
    int[] ordered = sent.rows().sortedBy(SentMessages.BYTES, SentMessages.BYTES + 1);
    int next = 0;
    for (int record : rows.sortedBy(0, 1)) {
      while (next < ordered.length && compare(sent.rows(), ordered[next], record) < 0) {
        next++;
      }
      if (next < ordered.length && compare(sent.rows(), ordered[next], record) == 0) {
        settle(ordered[next++], record);
      } else {
        findings.add(Findings.EXTRA, position(record) + ", which was not sent");
      }
    }
  }

  private void settle(int message, int record) {
    sent.settle(message, MessageOutcome.REJECTED);
    long code = rows.get(record, REASON);
    if (code == NO_REASON) {
      return;
    }
    long faults = sent.faults(message);
    if ((1L << code & (faults == 0 ? Reason.BY_TIME : faults)) == 0) {
      findings.add(
          "wrong reason",
          message,
          "%s: %s, expected %s"
              .formatted(
                  position(record),
                  Reason.words(1L << code),
                  Reason.words(faults == 0 ? Reason.BY_TIME : faults)));
    }
  }

  private int compare(LongRows sent, int message, int record) {
    int high = Long.compare(sent.get(message, SentMessages.BYTES), rows.get(record, 0));
    return high != 0
        ? high
        : Long.compare(sent.get(message, SentMessages.BYTES + 1), rows.get(record, 1));
  }

  private String position(int record) {
    return "rejected record of partition %d, offset %d, index %d"
        .formatted(rows.get(record, PARTITION), rows.get(record, OFFSET), rows.get(record, INDEX));
  }
}
