package io.nova.console.ask;

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

  /** The reason. */
  public Kind kind() {
    return kind;
  }
}
