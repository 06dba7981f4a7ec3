package io.nova.console.server;

import java.util.Map;

/**
 * A request to the console.
 *
 * @param method GET, POST or DELETE
 * @param path the path without the route's own prefix, such as {@code /17}; may be empty
 * @param query the parameters of the address
 * @param accept the header Accept; may be empty
 * @param body the whole body; empty for GET
 */
@SuppressWarnings("ArrayRecordComponent") // compared by no one
public record Request(
    String method, String path, Map<String, String> query, String accept, byte[] body) {
  /** Copies the map. */
  public Request {
    query = Map.copyOf(query);
  }

  /** The path without its slash: the id of what a DELETE ends; may be empty. */
  String id() {
    return path.substring(Math.min(1, path.length()));
  }
}
