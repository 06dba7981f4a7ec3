package io.nova.bench.day;

import java.util.Arrays;
import java.util.Locale;

/**
 * Mean of some measurements.
 *
 * @param mean the mean
 * @param error its standard error; NaN for one measurement
 */
record Mean(double mean, double error) {
  static Mean of(double[] values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    return new Mean(mean, Math.sqrt(squares / (values.length - 1) / values.length));
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%,.1f ± %,.1f", mean, error);
  }
}
