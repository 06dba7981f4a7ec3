package io.nova.console.chart;

/** A form does not fit. The message is for users. */
public final class FormException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** A reason that names the key, the value found, and the value expected. */
  public FormException(String message) {
    super(message);
  }

  static FormException at(String path, String found, String expected) {
    return new FormException("%s: found %s, expected %s.".formatted(path, found, expected));
  }
}
