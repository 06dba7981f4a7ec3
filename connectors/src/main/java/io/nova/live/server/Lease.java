package io.nova.live.server;

import io.nova.live.protocol.SubtaskView;
import java.time.Duration;

/** A view that a client has pinned. Guarded by its {@link Leases}. */
final class Lease {
  private final String name;
  private final SubtaskView view;
  private final long bornNanos;
  private long usedNanos;

  Lease(String name, SubtaskView view, long nowNanos) {
    this.name = name;
    this.view = view;
    this.bornNanos = nowNanos;
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
    return nowNanos - bornNanos > longest.toNanos();
  }
}
