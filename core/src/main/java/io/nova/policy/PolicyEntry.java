package io.nova.policy;

import io.nova.shard.ConflictRule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One entry of a policy file. Fields that it lacks stay as they were.
 *
 * @param app its app; empty for all apps without entries of their own
 * @param from the upload time that it begins at
 */
record PolicyEntry(
    Optional<Long> app,
    Instant from,
    Optional<List<String>> identity,
    Optional<Duration> window,
    Optional<ConflictRule> conflict) {
  /** A policy with the fields of this entry in place of its own. */
  Policy over(Policy policy) {
    return new Policy(
        identity.orElse(policy.identity()),
        window.orElse(policy.window()),
        conflict.orElse(policy.conflict()));
  }
}
