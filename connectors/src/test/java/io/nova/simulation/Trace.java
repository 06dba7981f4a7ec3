package io.nova.simulation;

import java.util.ArrayDeque;

/** The last steps of a world, for the message of a failure. */
final class Trace {
  private static final int KEPT = 40;

  private final ArrayDeque<String> last = new ArrayDeque<>();
  private long steps;

  void note(String what) {
    last.add(++steps + " " + what);
    if (last.size() > KEPT) {
      last.remove();
    }
  }

  @Override
  public String toString() {
    return String.join("\n  ", last);
  }
}
