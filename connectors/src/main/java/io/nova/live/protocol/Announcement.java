package io.nova.live.protocol;

import io.nova.live.protocol.SubtaskView.ShardEnd;
import java.util.List;

/**
 * The address of a subtask's live server, for queries. It is a JSON file below the table's
 * location, {@code live/GENERATION/SUBTASK.json}.
 *
 * @param version 1
 * @param generation the run of the job
 * @param subtask Flink's number of the subtask
 * @param attempt Flink's number of the attempt
 * @param host host name or address; empty if {@code drained}
 * @param port TCP port; 0 if {@code drained}
 * @param tls whether the server speaks TLS
 * @param token the server's random token, which clients must send; empty if client and server have
 *     one by option
 * @param drained whether the subtask has ended: every block is sealed, and nothing is served
 * @param shards all shards of its key groups; if {@code drained}, the table must contain their
 *     sealed blocks
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
  /** The only version. */
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
    return "live views of subtask %s at %s:%s, generation %s"
        .formatted(subtask, host, port, generation);
  }
}
