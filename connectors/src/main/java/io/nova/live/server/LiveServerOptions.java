package io.nova.live.server;

import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * How a {@link LiveServer} listens, and what it grants.
 *
 * @param host the address it binds to
 * @param firstPort first port it tries; 0 for any free one
 * @param lastPort last port it tries
 * @param token what clients must present
 * @param tls speaks TLS where present
 * @param maxConnections open connections; one more is refused with 503
 * @param maxLeases leases at a time; one more is refused with 503
 * @param lease how long a lease lasts without a request that names it
 * @param longestLease how long it lasts at most
 * @param maxPinnedBytes rows that leases may keep in memory when the current view no longer has
 *     them; beyond it the oldest leases end
 * @param threads how many threads read rows; one more answers pins
 * @param stalled how long a client may take for its request, and for each part of its answer
 */
public record LiveServerOptions(
    String host,
    int firstPort,
    int lastPort,
    String token,
    Optional<SSLContext> tls,
    int maxConnections,
    int maxLeases,
    Duration lease,
    Duration longestLease,
    long maxPinnedBytes,
    int threads,
    Duration stalled) {
  public LiveServerOptions {
    if (firstPort < 0 || lastPort < firstPort || lastPort > 65_535) {
      throw new IllegalArgumentException(
          "Ports of live views: %s to %s, expected 0 to 65535".formatted(firstPort, lastPort));
    }
    if (token.isBlank()) {
      throw new IllegalArgumentException("Live views need a token, found an empty one");
    }
    if (maxConnections < 1 || maxLeases < 1 || threads < 1 || maxPinnedBytes < 0) {
      throw new IllegalArgumentException(
          "Live views: %d connections, %d leases, %d threads, %d pinned bytes; expected at least 1, 1, 1, 0"
              .formatted(maxConnections, maxLeases, threads, maxPinnedBytes));
    }
    if (lease.isNegative() || lease.isZero() || stalled.isNegative() || stalled.isZero()) {
      throw new IllegalArgumentException(
          "Live views: lease %s, stalled %s; expected more than nothing".formatted(lease, stalled));
    }
    if (longestLease.compareTo(lease) < 0) {
      throw new IllegalArgumentException(
          "Live views: a lease lasts at most %s, but %s at a time".formatted(longestLease, lease));
    }
  }

  /** With the defaults for all but where it listens and whom it answers. */
  public static LiveServerOptions of(
      String host, int firstPort, int lastPort, String token, Optional<SSLContext> tls) {
    return new LiveServerOptions(
        host,
        firstPort,
        lastPort,
        token,
        tls,
        256,
        64,
        Duration.ofSeconds(60),
        Duration.ofMinutes(10),
        128L << 20,
        2,
        Duration.ofSeconds(30));
  }

  /** The same with so many connections. */
  public LiveServerOptions withConnections(int connections) {
    return new LiveServerOptions(
        host,
        firstPort,
        lastPort,
        token,
        tls,
        connections,
        maxLeases,
        lease,
        longestLease,
        maxPinnedBytes,
        threads,
        stalled);
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "live views on %s, ports %s to %s".formatted(host, firstPort, lastPort);
  }
}
