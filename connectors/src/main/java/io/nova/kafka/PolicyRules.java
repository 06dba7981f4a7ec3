package io.nova.kafka;

import io.nova.policy.Policy;
import java.io.Serializable;
import java.time.Duration;

/**
 * The source of the policies. Serialized with the job graph.
 *
 * @param file path or URI of the policy file; empty for none
 * @param base the policy where no entry of the file applies
 * @param largestWindow the largest dedup window that the file may give
 * @param checkInterval time between two checks of the file
 */
public record PolicyRules(String file, Policy base, Duration largestWindow, Duration checkInterval)
    implements Serializable {
  public PolicyRules {
    if (base.window().compareTo(largestWindow) > 0) {
      throw new IllegalArgumentException(
          "Dedup window %s: expected at most %s".formatted(base.window(), largestWindow));
    }
  }

  /** One policy for everything, and no file. */
  public static PolicyRules always(Policy policy) {
    return new PolicyRules("", policy, policy.window(), Duration.ofSeconds(1));
  }
}
