package io.nova.simulation;

import java.util.function.BiConsumer;

/**
 * Which seeds run. {@code -Dnova.simulation.seed=N} sets the first, {@code
 * -Dnova.simulation.seeds=N} how many; one seed named alone runs alone.
 */
final class Seeds {
  private static final String FIRST = "nova.simulation.seed";
  private static final String COUNT = "nova.simulation.seeds";

  private Seeds() {}

  /** Whether as many seeds run as by default, enough for all that can happen to happen. */
  static boolean asByDefault() {
    return System.getProperty(FIRST) == null && System.getProperty(COUNT) == null;
  }

  /** Runs worlds, and lets a failure say its seed and what led to it. */
  static void run(int byDefault, BiConsumer<Long, Trace> world) {
    long first = Long.getLong(FIRST, 1);
    int count = Integer.getInteger(COUNT, System.getProperty(FIRST) == null ? byDefault : 1);
    for (long seed = first; seed < first + count; seed++) {
      Trace trace = new Trace();
      try {
        world.accept(seed, trace);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(
            e.getMessage() + "\nAgain with -D" + FIRST + "=" + seed + "\n  " + trace, e);
      }
    }
  }
}
