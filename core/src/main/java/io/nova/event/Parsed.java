package io.nova.event;

import io.nova.event.identity.Identity;
import org.jspecify.annotations.Nullable;

/** The result of parsing one message: an event, or the reason why it is none. */
public sealed interface Parsed {
  /**
   * A well-formed event.
   *
   * @param identity its identity
   * @param uploadMicros its upload time, microseconds since 1970
   * @param fields its values
   */
  record Event(Identity identity, long uploadMicros, EventFields fields) implements Parsed {}

  /**
   * A message that is no event.
   *
   * @param reason the kind of fault
   * @param detail what was found and what was expected, for people
   * @param app its app; null where that could not be read
   */
  record Rejected(RejectReason reason, String detail, @Nullable Long app) implements Parsed {}
}
