package io.nova.console.ask;

import java.sql.SQLException;

/** A question has no answer. The message is for users. */
public final class AskException extends Exception {
  private static final long serialVersionUID = 1;

  /** The reason. */
  public enum Kind {
    /** The statement is wrong or not allowed. */
    STATEMENT,
    /** The statement was cancelled, or took longer than its timeout. */
    CANCELLED,
    /** The store does not answer: no table, or key groups are missing. */
    UNAVAILABLE
  }

  private final Kind kind;

  /** A reason for users. */
  public AskException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  /** What DuckDB says, or that the memory limit is too small. DuckDB's hints are not for users. */
  static String reason(SQLException e) {
    String message = String.valueOf(e.getMessage());
    return message.contains("Out of Memory Error")
        ? "The memory limit of the fast path is too small for this statement. It has no answer. Start the console with a larger --memory, or ask Flink SQL with nova sql. DuckDB: "
            + message.lines().findFirst().orElse("")
        : message;
  }

  /** The reason. */
  public Kind kind() {
    return kind;
  }
}
