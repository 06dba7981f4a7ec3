package io.nova.judge.record;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A message as the judge reads it.
 *
 * @param faults reasons to reject it, of which the job may name any; empty for a good record
 * @param content the content of a good record, else null
 */
public record SentRecord(Set<Reason> faults, @Nullable Content content) {
  /** Checks that there are either faults or content. */
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
