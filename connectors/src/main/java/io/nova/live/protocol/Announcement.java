package io.nova.live.protocol;

import io.nova.live.protocol.SubtaskView.ShardEnd;
import java.util.List;

/**
 * Tells queries where a subtask's view is served. A file of JSON below the table's location, {@code
 * live/GENERATION/SUBTASK.json}, written as a whole or not at all.
 *
 * @param version 1
 * @param generation the run of the job
 * @param subtask number of the subtask
 * @param attempt Flink's number of the attempt
 * @param host where it listens; empty where {@code drained}
 * @param port its port; 0 where {@code drained}
 * @param tls whether it speaks TLS
 * @param token what a client must show: drawn by the server at its start; empty where client and
 *     server were both given one by option
 * @param drained whether the subtask has come to its end: everything is sealed and nothing is
 *     served
 * @param shards its key groups; where {@code drained}, with the sequences that the table must hold
 */
public record Announcement(
    int version,
    String generation,
    int subtask,
    int attempt,
    String host,
    int port,
    boolean tls,
    String token,
    boolean drained,
    List<ShardEnd> shards) {
  public static final int VERSION = 1;

  public Announcement {
    if (version != VERSION) {
      throw new IllegalArgumentException(
          "Announcement of live views: version %s found, %s expected".formatted(version, VERSION));
    }
    shards = List.copyOf(shards);
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "live views of subtask %s at %s:%s, run %s".formatted(subtask, host, port, generation);
  }
}
