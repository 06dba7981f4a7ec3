package io.nova.live.server;

import io.nova.live.protocol.LiveException;
import io.nova.live.protocol.SubtaskView;
import io.nova.shard.BlockView;
import io.nova.shard.log.SegmentView;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The leases of a live server, oldest first. A lease costs memory once its blocks have left the
 * subtask or were spilled. Beyond a limit of such bytes leases end, the oldest first. Thread safe.
 */
final class Leases {
  /** Number of ended leases whose reason is remembered. */
  private static final int REMEMBERED = 256;

  private final LiveServerOptions options;
  private final LongSupplier nanoClock;
  private final Map<String, Lease> leases = new LinkedHashMap<>();
  private final Map<String, String> ended =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > REMEMBERED;
        }
      };

  Leases(LiveServerOptions options, LongSupplier nanoClock) {
    this.options = options;
    this.nanoClock = nanoClock;
  }

  /**
   * Pins a view.
   *
   * @throws LiveException 503 if there are too many leases
   */
  synchronized Lease pin(SubtaskView view) throws LiveException {
    endExpired();
    if (leases.size() >= options.maxLeases()) {
      throw new LiveException(
          503,
          "This live view has %d leases, its limit. Release one, or ask again when one has expired."
              .formatted(leases.size()));
    }
    Lease lease = new Lease(UUID.randomUUID().toString(), view, nanoClock.getAsLong());
    leases.put(lease.name(), lease);
    return lease;
  }

  /**
   * Finds a lease by its name and renews it.
   *
   * @throws LiveException 410 if it has ended
   */
  synchronized Lease use(String name) throws LiveException {
    endExpired();
    Lease lease = leases.get(name);
    if (lease == null) {
      throw new LiveException(
          410,
          "Lease %s: %s. Pin the live view again."
              .formatted(
                  name.length() > 64 ? name.substring(0, 64) : name,
                  ended.getOrDefault(name, "no lease of this name is known here")));
    }
    lease.use(nanoClock.getAsLong());
    return lease;
  }

  synchronized void release(String name) {
    if (leases.remove(name) != null) {
      ended.put(name, "it was released");
    }
  }

  synchronized int size() {
    return leases.size();
  }

  private void endExpired() {
    long now = nanoClock.getAsLong();
    for (Lease lease : List.copyOf(leases.values())) {
      if (lease.olderThan(options.longestLease(), now)) {
        end(lease, "it was older than " + options.longestLease());
      } else if (lease.unusedFor(options.lease(), now)) {
        end(lease, "it was not used for " + options.lease());
      }
    }
  }

  private void end(Lease lease, String reason) {
    leases.remove(lease.name());
    ended.put(lease.name(), reason);
  }

  /**
   * Ends expired leases. If the others keep too many bytes, it ends those that do not fit beside
   * newer ones.
   *
   * @param current the published view, whose bytes cost nothing; null for none
   */
  synchronized void sweep(@Nullable SubtaskView current) {
    endExpired();
    if (leases.isEmpty()) {
      return;
    }
    Kept kept = new Kept(options.maxPinnedBytes());
    if (current != null) {
      kept.costsNothing(current);
    }
    List<Lease> newestFirst = new ArrayList<>(leases.values());
    Collections.reverse(newestFirst);
    for (Lease lease : newestFirst) {
      if (!kept.fits(lease.view())) {
        end(
            lease,
            "leases kept more than %d bytes of rows that the subtask itself no longer needs"
                .formatted(options.maxPinnedBytes()));
      }
    }
  }

  /** The bytes that views keep in memory beyond the current one, each array counted once. */
  private static final class Kept {
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private long bytesLeft;

    private Kept(long bytes) {
      bytesLeft = bytes;
    }

    private void costsNothing(SubtaskView view) {
      see(view, arrays(view));
    }

    private boolean fits(SubtaskView view) {
      IdentityHashMap<Object, Integer> more = arrays(view);
      more.keySet().removeAll(seen);
      long bytes = more.values().stream().mapToLong(Integer::longValue).sum();
      if (bytes > bytesLeft) {
        return false;
      }
      bytesLeft -= bytes;
      see(view, more);
      return true;
    }

    private void see(SubtaskView view, IdentityHashMap<Object, Integer> arrays) {
      seen.addAll(view.open());
      seen.addAll(arrays.keySet());
    }

    private IdentityHashMap<Object, Integer> arrays(SubtaskView view) {
      IdentityHashMap<Object, Integer> arrays = new IdentityHashMap<>();
      for (BlockView block : view.open()) {
        if (seen.contains(block)) {
          continue;
        }
        for (SegmentView segment : block.segments()) {
          if (segment instanceof SegmentView.Full full) {
            arrays.put(full.stored(), full.stored().length);
          } else if (segment instanceof SegmentView.Tail tail) {
            arrays.put(tail.body(), tail.body().length);
          }
        }
      }
      return arrays;
    }
  }
}
