package io.nova.event.identity;

import io.nova.event.EventParser;
import java.util.List;

/**
 * What makes two messages the same event. The kinds never meet, and neither do two apps.
 *
 * <p>Which kind applies is decided by {@link EventParser} from the fields that are there.
 */
public sealed interface Identity {
  long app();

  /** The device's own number for the event, unique only together with the device. */
  record ByInsertId(long app, String deviceId, String insertId) implements Identity {}

  /** The number that the collecting server gave. */
  record ByUuid(long app, String uuid) implements Identity {}

  /** The device's counter and clock, for events that have neither. */
  record ByCounter(long app, String deviceId, long eventId, long clientEventMicros)
      implements Identity {}

  /**
   * Fields that a policy or a mapping names. The names are part of the identity, so two rules never
   * meet.
   *
   * @param names columns, in their order, see {@link IdentityFields#checked}
   * @param values of these columns, as text: integers, booleans and microseconds since 1970 in the
   *     usual way
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
