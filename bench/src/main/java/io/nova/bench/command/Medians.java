package io.nova.bench.command;

import java.util.List;

/** The median of a few measurements. */
final class Medians {
  private Medians() {}

  /** The middle one, or the mean of the two in the middle; not a number if there are none. */
  static double of(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int half = sorted.size() / 2;
    if (sorted.isEmpty()) {
      return Double.NaN;
    }
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }
}
