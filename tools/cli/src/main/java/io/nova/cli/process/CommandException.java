package io.nova.cli.process;

/**
 * A failure that the user can act on: its message names what was found, what was expected, and what
 * happens next. The commands print it without a stack trace and exit with 1.
 */
public final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** A failure with its message. */
  public CommandException(String message) {
    super(message);
  }

  /** A failure with its message and the exception that caused it. */
  public CommandException(String message, Throwable cause) {
    super(message, cause);
  }
}
