package io.nova.event;

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
}
