package io.nova.workload.replay;

import java.util.Map;
import java.util.TreeMap;

/**
 * What a replay would send.
 *
 * @param rejected rejected positions by reason, each position once
 * @param chosen positions that the selection includes
 * @param messages different messages among these, by the topic that they go to
 * @param unreadable records without a reason or a position; a replay leaves them alone
 */
public record ReplayPlan(
    Map<String, Long> rejected, long chosen, Map<String, Long> messages, long unreadable) {
  /** Keeps sorted copies. */
  public ReplayPlan {
    rejected = new TreeMap<>(rejected);
    messages = new TreeMap<>(messages);
  }

  /** How many messages would be sent. */
  public long toSend() {
    return messages.values().stream().mapToLong(Long::longValue).sum();
  }
}
