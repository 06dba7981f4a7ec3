package io.nova.policy;

import io.nova.event.identity.IdentityFields;
import io.nova.shard.ConflictRule;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;

/**
 * How the copies of an app's events are told and treated.
 *
 * @param identity the columns that make the identity; empty for what the mapping says
 * @param window the dedup window
 * @param conflict what becomes of the same identity with another payload
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
