package io.nova.event.identity;

import io.nova.event.EventParser;
import java.util.List;

/**
 * The fields that make two messages the same event. Identities of different kinds, or of different
 * apps, are never equal.
 *
 * <p>{@link EventParser} chooses the kind by the fields that are present.
 */
public sealed interface Identity {
  long app();

  /** An id that the device gave to the event, unique together with the device. */
  record ByInsertId(long app, String deviceId, String insertId) implements Identity {}

  /** An id that the collecting server gave to the event. */
  record ByUuid(long app, String uuid) implements Identity {}

  /** The device's counter and clock, for events without either id. */
  record ByCounter(long app, String deviceId, long eventId, long clientEventMicros)
      implements Identity {}

  /**
   * Fields that a policy or a mapping names. The names are part of the identity, so identities by
   * different names are never equal.
   *
   * @param names names of columns, ordered as {@link IdentityFields#checked} orders them
   * @param values values of these columns as text; times in microseconds since 1970
   */
  record ByFields(long app, List<String> names, List<String> values) implements Identity {
    public ByFields {
      names = List.copyOf(names);
      values = List.copyOf(values);
      if (names.isEmpty() || names.size() != values.size()) {
        throw new IllegalArgumentException(
            ("Identity by fields: found %s names and %s values, expected as many, and one "
                    + "at least")
                .formatted(names.size(), values.size()));
      }
    }
  }
}
