package io.nova.live.cut;

import java.io.Serializable;
import java.time.Duration;

/**
 * The settings with which a query reads live views.
 *
 * @param completeness the reaction to key groups that do not answer
 * @param token the token that the live servers expect, if they do not announce one; may be empty
 * @param timeout the time for which the query retries until all key groups have answered
 * @param cut the id of the pinned cut to read; empty to take one
 */
public record LiveAccess(Completeness completeness, String token, Duration timeout, String cut)
    implements Serializable {
  /** The settings of a query that takes its cut. */
  public LiveAccess(Completeness completeness, String token, Duration timeout) {
    this(completeness, token, timeout, "");
  }

  /**
   * Checks the timeout.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public LiveAccess {
    if (timeout.isNegative()) {
      throw new IllegalArgumentException(
          "Option 'live.wait': found " + timeout + ", expected 0 or more");
    }
  }

  /** Without the token, which must not reach a log. */
  @Override
  public String toString() {
    return "LiveAccess[%s, timeout %s]".formatted(completeness, timeout);
  }
}
