package io.nova.cli.cluster;

/** The line of a stack trace that says what happened first. */
public final class RootCause {
  private static final String CAUSED_BY = "Caused by: ";
  private static final String FRAME = "\tat ";
  private static final String NOVAS_FRAME = FRAME + "io.nova.";

  private RootCause() {}

  /**
   * The last cause that Nova has thrown, since its message says what to do, and the cause below it.
   * Without a cause of Nova's, the last cause; without any, the first line.
   */
  public static String of(String stackTrace) {
    String novas = "";
    String last = "";
    boolean thrown = false;
    for (String line : stackTrace.lines().toList()) {
      if (last.isEmpty() || line.startsWith(CAUSED_BY)) {
        last = line.startsWith(CAUSED_BY) ? line.substring(CAUSED_BY.length()) : line;
        thrown = false;
      } else if (line.startsWith(FRAME) && !thrown) {
        thrown = true;
        novas = line.startsWith(NOVAS_FRAME) ? last : novas;
      }
    }
    return novas.isEmpty() ? last : joined(novas, last);
  }

  private static String joined(String novas, String last) {
    String message = last.substring(last.indexOf(": ") + 1).strip();
    return novas.contains(message) ? novas : "%s Caused by %s".formatted(novas, last);
  }
}
