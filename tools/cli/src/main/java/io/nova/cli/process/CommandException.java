package io.nova.cli.process;

/**
 * Something that the user can act upon: the message says what, which one, what was expected and
 * what happens next. The commands print it without a stack trace and exit with 1.
 */
public final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public CommandException(String message) {
    super(message);
  }

  public CommandException(String message, Throwable cause) {
    super(message, cause);
  }
}
