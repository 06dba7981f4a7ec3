package io.nova.shard;

import java.util.Optional;

/**
 * What a shard decided on an event.
 *
 * @param admission what became of the event
 * @param copy the admitted copy that decided it; empty where none is within the dedup window
 */
public record Decision(Admission admission, Optional<AdmittedCopy> copy) {
  static final Decision ADMITTED = new Decision(Admission.ADMITTED, Optional.empty());
  static final Decision TOO_LATE = new Decision(Admission.TOO_LATE, Optional.empty());
  static final Decision UNKNOWN = new Decision(Admission.UNKNOWN, Optional.empty());
  static final Decision HANDED_OFF = new Decision(Admission.HANDED_OFF, Optional.empty());
  static final Decision BATCH_CLOSED = new Decision(Admission.BATCH_CLOSED, Optional.empty());

  /**
   * An admitted copy of an event. Where there are several, one with the same payload is preferred.
   *
   * @param kind how its payload compares with that of the event
   * @param gapBlocks interval of the event less interval of the copy, in blocks; may be negative
   */
  public record AdmittedCopy(CopyKind kind, long gapBlocks) {}

  static Decision of(Admission admission, CopyKind kind, long gapBlocks) {
    return new Decision(admission, Optional.of(new AdmittedCopy(kind, gapBlocks)));
  }
}
