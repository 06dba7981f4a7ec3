package io.nova.cli.sql;

import io.nova.cli.process.CommandException;
import java.util.List;

/**
 * Runs a few queries on a new SQL gateway in the background. The first query of a user would else
 * wait for Flink's planner and for the job path to load and compile their classes.
 */
public final class GatewayWarmUp {
  /**
   * The job may have no snapshot and no live view yet. The queries then fail or find nothing, but
   * they are planned, and most of them run.
   */
  private static final List<String> QUERIES =
      List.of(
          "SELECT event_type, COUNT(*) FROM events /*+ OPTIONS('completeness' = 'available',"
              + " 'live.wait' = '0 s') */ GROUP BY event_type",
          "SELECT COUNT(DISTINCT `user`) FROM events /*+ OPTIONS('read' = 'committed') */"
              + " WHERE event_time > TIMESTAMP '2000-01-01 00:00:00'");

  private GatewayWarmUp() {}

  /**
   * Starts the queries, and returns their thread, a daemon. Nobody needs to wait for it, and no
   * failure of theirs is one of the caller.
   */
  public static Thread start(SqlGateway gateway) {
    Thread thread = new Thread(() -> run(gateway), "gateway-warm-up");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void run(SqlGateway gateway) {
    try (SqlSession session = gateway.open()) {
      for (String query : QUERIES) {
        attempt(session, query);
      }
    } catch (CommandException notThere) {
      // The gateway is ending, or is too busy: users meet it cold.
    }
  }

  private static void attempt(SqlSession session, String query) {
    try {
      session.execute(query, RowPrinter.NOWHERE);
    } catch (CommandException notYet) {
      // The planner is warm all the same.
    }
  }
}
