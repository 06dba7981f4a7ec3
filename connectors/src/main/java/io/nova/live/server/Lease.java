package io.nova.live.server;

import io.nova.live.protocol.SubtaskView;
import java.time.Duration;

/** A lease: a view that a client has pinned. Its {@link Leases} guard it. */
final class Lease {
  private final String name;
  private final SubtaskView view;
  private final long createdNanos;
  private long usedNanos;

  Lease(String name, SubtaskView view, long nowNanos) {
    this.name = name;
    this.view = view;
    this.createdNanos = nowNanos;
    this.usedNanos = nowNanos;
  }

  String name() {
    return name;
  }

  SubtaskView view() {
    return view;
  }

  void use(long nowNanos) {
    usedNanos = nowNanos;
  }

  boolean unusedFor(Duration lease, long nowNanos) {
    return nowNanos - usedNanos > lease.toNanos();
  }

  boolean olderThan(Duration longest, long nowNanos) {
    return nowNanos - createdNanos > longest.toNanos();
  }
}
