package io.nova.sql.live;

import java.io.Serializable;
import java.time.Duration;

/**
 * How a query reaches live views.
 *
 * @param completeness what it does where some key groups do not answer
 * @param token what the servers want to hear, where they do not announce it themselves; may be
 *     empty
 * @param patience how long it tries before it takes that for their answer
 */
public record LiveAccess(Completeness completeness, String token, Duration patience)
    implements Serializable {
  public LiveAccess {
    if (patience.isNegative()) {
      throw new IllegalArgumentException(
          "Option 'live.wait': found " + patience + ", expected 0 or more");
    }
  }

  /** Without the token, which must not reach a log. */
  @Override
  public String toString() {
    return "LiveAccess[%s, patience %s]".formatted(completeness, patience);
  }
}
