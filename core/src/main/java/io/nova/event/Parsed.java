package io.nova.event;

import io.nova.event.identity.Identity;
import org.jspecify.annotations.Nullable;

/** What became of one message's bytes: an event, or a reason why it is none. */
public sealed interface Parsed {
  /**
   * A well-formed event.
   *
   * @param identity what makes it the same as another
   * @param uploadMicros when our servers received it, microseconds since 1970
   * @param fields its values
   */
  record Event(Identity identity, long uploadMicros, EventFields fields) implements Parsed {}

  /**
   * A message that is no event.
   *
   * @param reason the kind of fault
   * @param detail what was found and what was expected, for a person
   * @param app the app it names, null where that could not be read
   */
  record Refused(RejectReason reason, String detail, @Nullable Long app) implements Parsed {}
}
