package io.nova.workload.send;

import java.util.Locale;

/** How fast messages are sent. */
public sealed interface Pace {
  /** As fast as the broker accepts messages. */
  Pace UNPACED = new Unpaced();

  /** A day in 24 minutes: blocks are sealed every few seconds. */
  Pace DEFAULT = new SpeedUp(60);

  /** As fast as the broker accepts messages. */
  record Unpaced() implements Pace {
    @Override
    public String toString() {
      return "max";
    }
  }

  /**
   * A number of messages a second, evenly.
   *
   * @param messages messages a second, above 0
   */
  record PerSecond(double messages) implements Pace {
    /** Checks the rate. */
    public PerSecond {
      requirePositive(messages, "messages a second");
    }

    @Override
    public String toString() {
      return messages + " messages a second";
    }
  }

  /**
   * A multiple of the speed of the upload times. A message with an earlier upload time is sent at
   * once. A gap of more than ten minutes is skipped.
   *
   * @param factor how many times faster, above 0
   */
  record SpeedUp(double factor) implements Pace {
    /** Checks the factor. */
    public SpeedUp {
      requirePositive(factor, "times the speed of the upload times");
    }

    @Override
    public String toString() {
      return factor + " times the speed of the upload times";
    }
  }

  /** A number of messages a second. */
  static Pace perSecond(double messages) {
    return new PerSecond(messages);
  }

  /** {@code factor} times the speed of the upload times. */
  static Pace speedUp(double factor) {
    return new SpeedUp(factor);
  }

  /**
   * Reads {@code max}, a number of messages a second ({@code 5000}) or a speed-up ({@code 60x}).
   *
   * @throws IllegalArgumentException when the text is none of these
   */
  static Pace parse(String text) {
    String word = text.strip().toLowerCase(Locale.ROOT);
    if (word.equals("max")) {
      return UNPACED;
    }
    try {
      return word.endsWith("x")
          ? speedUp(Double.parseDouble(word.substring(0, word.length() - 1)))
          : perSecond(Double.parseDouble(word));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "Rate '%s': expected max, messages a second (5000) or a speed-up (60x).".formatted(text),
          e);
    }
  }

  private static void requirePositive(double value, String unit) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          "A rate of %s %s: expected a number above 0.".formatted(value, unit));
    }
  }
}
