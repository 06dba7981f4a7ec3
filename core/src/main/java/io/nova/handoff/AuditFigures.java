package io.nova.handoff;

import java.util.Objects;

/**
 * What two systems compare to know that they have the same events.
 *
 * @param rows the number of events
 * @param digest the sum of their hashes, as {@link io.nova.event.audit.AuditDigest} writes it
 */
public record AuditFigures(long rows, String digest) {
  /** Checks that there is a digest: a request may be written by hand. */
  public AuditFigures {
    if (Objects.isNull(digest)) {
      throw new IllegalArgumentException("Audit figures: rows found, expected rows and digest");
    }
  }
}
