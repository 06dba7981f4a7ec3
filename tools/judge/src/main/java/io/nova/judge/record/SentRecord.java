package io.nova.judge.record;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the judge makes of one message.
 *
 * @param faults reasons to reject it, any of which may be named; empty when it is a good record
 * @param content what a good record says, else null
 */
public record SentRecord(Set<Reason> faults, @Nullable Content content) {
  public SentRecord {
    if (faults.isEmpty() == (content == null)) {
      throw new IllegalStateException("A record has either faults or content.");
    }
  }

  static SentRecord faulty(Reason first, Reason... others) {
    return new SentRecord(EnumSet.of(first, others), null);
  }

  static SentRecord good(Content content) {
    return new SentRecord(EnumSet.noneOf(Reason.class), content);
  }
}
