package io.nova.event.format;

import java.io.Serial;

/** A message has bytes that no schema fits. Its text says why; it goes to the rejected topic. */
public final class UndecodableException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  /** An exception without a stack trace: messages are no fault of the program. */
  public UndecodableException(String why) {
    super(why, null, false, false);
  }

  /** Why bytes are no value of a schema, as a library says it. */
  static UndecodableException of(Exception found) {
    String text = found.getMessage();
    String first = text == null ? "" : text.lines().findFirst().orElse("");
    return new UndecodableException(
        "the schema does not fit the bytes: "
            + (first.isEmpty() ? found.getClass().getSimpleName() : first));
  }
}
