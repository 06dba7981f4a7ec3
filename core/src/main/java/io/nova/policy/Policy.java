package io.nova.policy;

import io.nova.event.identity.IdentityFields;
import io.nova.shard.ConflictRule;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;

/**
 * How copies of an app's events are found, and what becomes of them.
 *
 * @param identity the columns that make the identity; empty for the mapping's identity
 * @param window the dedup window
 * @param conflict what becomes of an event whose identity is admitted with another payload
 */
public record Policy(List<String> identity, Duration window, ConflictRule conflict)
    implements Serializable {
  public Policy {
    identity = IdentityFields.checked(identity);
    if (window.isNegative()) {
      throw new IllegalArgumentException("Dedup window " + window + " is negative");
    }
  }
}
