package io.nova.live.server;

import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * The address and the limits of a {@link LiveServer}.
 *
 * @param host the address that it binds to
 * @param firstPort first port that it tries; 0 for any free port
 * @param lastPort last port that it tries
 * @param token the token that clients must send
 * @param tls the TLS context; empty for plain HTTP
 * @param maxConnections limit of open connections; more are refused with 503
 * @param maxLeases limit of leases; more are refused with 503
 * @param lease time after which an unused lease ends
 * @param longestLease time after which any lease ends
 * @param maxPinnedBytes bytes of rows that leases may keep beyond the current view; beyond it the
 *     oldest leases end
 * @param threads number of threads that read rows; one more thread answers pins
 * @param stalled longest time for a client to send its request, and to take each part of its answer
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
          ("Live views: %d connections, %d leases, %d threads, %d pinned bytes; expected at least "
                  + "1, 1, 1 and 0")
              .formatted(maxConnections, maxLeases, threads, maxPinnedBytes));
    }
    if (lease.isNegative() || lease.isZero() || stalled.isNegative() || stalled.isZero()) {
      throw new IllegalArgumentException(
          "Live views: lease %s, stalled %s; expected more than zero".formatted(lease, stalled));
    }
    if (longestLease.compareTo(lease) < 0) {
      throw new IllegalArgumentException(
          "Live views: the longest lease is %s, expected at least the lease time, %s"
              .formatted(longestLease, lease));
    }
  }

  /** Options with an address and a token, and defaults for all limits. */
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

  /** The same options with another limit of connections. */
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
