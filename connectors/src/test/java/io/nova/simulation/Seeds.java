package io.nova.simulation;

import java.util.function.BiConsumer;

/**
 * The seeds that run. {@code -Dnova.simulation.seed=N} sets the first one and {@code
 * -Dnova.simulation.seeds=N} their number. With the first property alone, one seed runs.
 */
final class Seeds {
  private static final String FIRST = "nova.simulation.seed";
  private static final String COUNT = "nova.simulation.seeds";

  private Seeds() {}

  /** Whether the default seeds run, which are enough to reach every outcome. */
  static boolean asByDefault() {
    return System.getProperty(FIRST) == null && System.getProperty(COUNT) == null;
  }

  /** Runs one world for each seed. A failure names its seed and the last steps. */
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
