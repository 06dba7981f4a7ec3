package io.nova.console.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The addresses that a console answers beside its page. Immutable once the server has started. */
public final class Routes {
  private final Map<String, Map<String, Route>> byPrefix = new LinkedHashMap<>();

  /**
   * Adds a route.
   *
   * @param method GET, POST or DELETE
   * @param prefix such as {@code /api/now}; the route also answers paths below it
   */
  public Routes add(String method, String prefix, Route route) {
    if (!prefix.startsWith("/api/")) {
      throw new IllegalArgumentException("Route %s: expected /api/...".formatted(prefix));
    }
    Route former = byPrefix.computeIfAbsent(prefix, p -> new LinkedHashMap<>()).put(method, route);
    if (former != null) {
      throw new IllegalArgumentException("Route %s %s is there twice".formatted(method, prefix));
    }
    return this;
  }

  /**
   * The routes of one path.
   *
   * @param rest the path after the prefix
   */
  record Found(Map<String, Route> byMethod, String rest) {
    Optional<Route> route(String method) {
      return Optional.ofNullable(byMethod.get(method));
    }

    List<String> methods() {
      return List.copyOf(byMethod.keySet());
    }
  }

  /** The routes with the longest prefix of this path. */
  Optional<Found> find(String path) {
    String prefix = path;
    while (!prefix.isEmpty()) {
      Map<String, Route> routes = byPrefix.get(prefix);
      if (routes != null) {
        return Optional.of(new Found(routes, path.substring(prefix.length())));
      }
      prefix = prefix.substring(0, Math.max(0, prefix.lastIndexOf('/')));
    }
    return Optional.empty();
  }
}
