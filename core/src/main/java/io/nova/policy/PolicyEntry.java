package io.nova.policy;

import io.nova.shard.ConflictRule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One entry of a policy file: what it does not say, it leaves as it was.
 *
 * @param app the app it is for; empty for all apps that have none of their own
 * @param from the upload time from which it holds
 */
record PolicyEntry(
    Optional<Long> app,
    Instant from,
    Optional<List<String>> identity,
    Optional<Duration> window,
    Optional<ConflictRule> conflict) {
  /** This entry laid over a policy. */
  Policy over(Policy policy) {
    return new Policy(
        identity.orElse(policy.identity()),
        window.orElse(policy.window()),
        conflict.orElse(policy.conflict()));
  }
}
