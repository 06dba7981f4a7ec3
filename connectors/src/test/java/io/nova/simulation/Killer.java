package io.nova.simulation;

import io.nova.iceberg.commit.HaltPoint;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Kills the simulated job at a halt point, now and then. */
final class Killer {
  private static final int MOST = 8;

  private final @Nullable HaltPoint point;
  private final Random random;
  private boolean armed;
  private int kills;

  /** The death of the job. No code of Nova catches it. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1;

    Killed(HaltPoint point) {
      super("killed at " + point);
    }
  }

  /** Kills at a point; never where there is none. */
  Killer(@Nullable HaltPoint point, long seed) {
    this.point = point;
    this.random = new Random(seed);
    HaltPoint.takenBy(this::reached);
  }

  private void reached(HaltPoint reached) {
    if (armed && reached == point && kills < MOST && random.nextInt(3) > 0) {
      kills++;
      throw new Killed(reached);
    }
  }

  /** Kills from now on, or no longer. */
  void arm(boolean now) {
    armed = now;
  }

  int kills() {
    return kills;
  }
}
