package io.nova.sql.live;

import java.time.Duration;

/** A strict live query that not all key groups answered. Nothing was read. */
public final class IncompleteReadException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  IncompleteReadException(String table, Duration waited, String gaps) {
    super(
        "Table "
            + table
            + ": a strict live query wants an answer of every key group, and for "
            + waited.toMillis() / 1000.0
            + " s did not get it. "
            + gaps
            + ". Nothing was read. Start the job, or wait until it is back, and ask again; or ask"
            + " with 'read' = 'committed' for what the table holds, or with 'completeness' ="
            + " 'available' for what answers.");
  }
}
