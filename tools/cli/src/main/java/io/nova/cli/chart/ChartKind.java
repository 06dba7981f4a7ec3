package io.nova.cli.chart;

import java.util.Locale;

/** How an answer is drawn. */
public enum ChartKind {
  /** Values over a time, a number or a text, one series for each text or number column. */
  LINE,
  /** A bar for each row. */
  BAR,
  /** A bar for each step, with its share of the first step and of the step before. */
  FUNNEL;

  /** The word of the option {@code --chart}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
