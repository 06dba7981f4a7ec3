package io.nova.cli.run;

import java.io.PrintStream;
import java.util.List;

/**
 * Progress on standard error. On a terminal it is a few lines that are drawn again and again.
 * Elsewhere it is at most one line in five seconds, and only if it is new. For one thread.
 */
public final class ProgressDisplay {
  private static final long PLAIN_INTERVAL_NANOS = 5_000_000_000L;
  private static final String UP_AND_CLEAR = "\u001b[1A\u001b[2K";

  private final PrintStream out;
  private final boolean terminal;
  private final int width;
  private int drawn;
  private String lastLine = "";
  private long lastPlain = System.nanoTime() - PLAIN_INTERVAL_NANOS;

  ProgressDisplay(PrintStream out, boolean terminal, int width) {
    this.out = out;
    this.terminal = terminal;
    this.width = width;
  }

  /** Standard error; the script passes on whether it is a terminal and how wide. */
  public static ProgressDisplay ofThisTerminal() {
    return new ProgressDisplay(
        System.err, Boolean.getBoolean("nova.terminal"), Integer.getInteger("nova.columns", 80));
  }

  /** Prints a line that stays. */
  public void say(String line) {
    erase();
    out.println(line);
    out.flush();
  }

  /** Shows these lines instead of those shown before. */
  void show(List<String> lines) {
    if (terminal) {
      redraw(lines);
    } else if (System.nanoTime() - lastPlain >= PLAIN_INTERVAL_NANOS) {
      plain(String.join(" | ", lines));
    }
  }

  private void plain(String line) {
    lastPlain = System.nanoTime();
    if (!line.equals(lastLine)) {
      lastLine = line;
      out.println(line);
      out.flush();
    }
  }

  private void redraw(List<String> lines) {
    erase();
    lines.forEach(line -> out.println(line.length() < width ? line : line.substring(0, width - 1)));
    out.flush();
    drawn = lines.size();
  }

  private void erase() {
    out.print(UP_AND_CLEAR.repeat(drawn));
    drawn = 0;
  }
}
