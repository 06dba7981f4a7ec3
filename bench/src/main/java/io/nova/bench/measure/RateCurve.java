package io.nova.bench.measure;

import java.util.ArrayList;
import java.util.List;

/**
 * A growing count over time. Only the moments at which the count was seen to change are kept: Flink
 * renews its metrics once a second, and the answers between say nothing new. Between two moments
 * the count is taken to grow evenly. Not thread safe.
 */
public final class RateCurve {
  /** The share of the messages from which on a job is warm. */
  public static final double WARM = 0.25;

  /** The share of the messages up to which it reads at full speed. */
  public static final double ENDING = 0.9;

  /** Flink renews its metrics once a second. */
  private static final double RENEWAL_SECONDS = 1;

  private static final double PAUSE_SECONDS = 3;

  /**
   * A count at a time.
   *
   * @param seconds since the start
   * @param count messages
   */
  public record Point(double seconds, long count) {}

  private final List<Point> points = new ArrayList<>(List.of(new Point(0, 0)));

  /**
   * Adds what was seen. A count that is not greater than the last one is left out. After a longer
   * pause the count is taken to have stood still until shortly before its change.
   */
  public void add(double seconds, long count) {
    Point last = last();
    if (count > last.count() && seconds > last.seconds()) {
      if (seconds - last.seconds() > PAUSE_SECONDS) {
        points.add(new Point(seconds - RENEWAL_SECONDS, last.count()));
      }
      points.add(new Point(seconds, count));
    }
  }

  /** The changes, from 0 at second 0. */
  public List<Point> points() {
    return List.copyOf(points);
  }

  /** The last change. */
  public Point last() {
    return points.get(points.size() - 1);
  }

  /**
   * Messages a second while a job is warm: between 25 % and 90 % of some messages.
   *
   * @param first the count before the first of them
   * @param messages their number
   * @throws IllegalStateException if the count has not come so far
   */
  public double sustained(long first, long messages) {
    double from = first + WARM * messages;
    double to = first + ENDING * messages;
    return (to - from) / (secondsAt(to) - secondsAt(from));
  }

  /**
   * When the count was reached.
   *
   * @throws IllegalStateException if it was not
   */
  public double secondsAt(double count) {
    for (int i = 1; i < points.size(); i++) {
      Point after = points.get(i);
      if (after.count() >= count) {
        Point before = points.get(i - 1);
        double share = (count - before.count()) / (after.count() - before.count());
        return before.seconds() + share * (after.seconds() - before.seconds());
      }
    }
    throw new IllegalStateException(
        "The count was %,d at most, expected %,.0f".formatted(last().count(), count));
  }

  /**
   * The rate over time, for a plot.
   *
   * @param width seconds over which each rate is taken
   * @return points whose count is the rate in messages a second
   */
  public List<Point> rates(double width) {
    List<Point> rates = new ArrayList<>();
    Point from = points.get(0);
    for (Point to : points) {
      double seconds = to.seconds() - from.seconds();
      if (seconds >= width) {
        rates.add(
            new Point(
                (from.seconds() + to.seconds()) / 2,
                Math.round((to.count() - from.count()) / seconds)));
        from = to;
      }
    }
    return rates;
  }
}
