package io.nova.cli.cluster;

import java.util.List;

/** The line of a stack trace that says what happened first. */
public final class RootCause {
  private static final String CAUSED_BY = "Caused by: ";

  private RootCause() {}

  /** The message of the last cause; the first line if there is no cause. */
  public static String of(String stackTrace) {
    List<String> lines = stackTrace.lines().toList();
    return lines.stream()
        .filter(line -> line.startsWith(CAUSED_BY))
        .reduce((first, last) -> last)
        .map(line -> line.substring(CAUSED_BY.length()))
        .orElse(lines.isEmpty() ? "" : lines.get(0));
  }
}
