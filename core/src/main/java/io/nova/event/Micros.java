package io.nova.event;

/** Times as microseconds since 1970. */
public final class Micros {
  /**
   * A time that is not known yet, or that an event does not state. Also the interval of such a
   * time.
   */
  public static final long UNKNOWN = Long.MIN_VALUE;

  private Micros() {}
}
