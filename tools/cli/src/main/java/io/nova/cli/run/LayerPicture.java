package io.nova.cli.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The layers as one query saw them: where the rows of each day lie.
 *
 * @param days the days that have rows, oldest first
 */
record LayerPicture(List<Day> days) {
  private static final int BAR = 12;
  private static final String LINE = "  %-10s  %11s  %11s %9s %9s  %11s   %-9s  %s";

  /**
   * One day.
   *
   * @param name the day
   * @param state the state of its batch
   * @param rows the rows of the answer by layer; layers without rows may be left out
   * @param tagged the rows under the batch's tag; 0 without a tag
   */
  record Day(String name, String state, Map<Layer, Long> rows, long tagged) {
    Day {
      rows = Map.copyOf(rows);
    }

    long total() {
      return rows.values().stream().mapToLong(Long::longValue).sum();
    }

    private long in(Layer layer) {
      return rows.getOrDefault(layer, 0L);
    }
  }

  LayerPicture {
    days = List.copyOf(days);
  }

  /** The picture as lines of less than 100 columns. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        LINE.formatted(
            "day", "open blocks", "block files", "chunks", "tag", "batch layer", "batch", "rows"));
    long most = days.stream().mapToLong(Day::total).max().orElse(0);
    days.forEach(day -> lines.add(line(day, most)));
    return lines;
  }

  private static String line(Day day, long most) {
    String line =
        LINE.formatted(
            day.name,
            number(day.in(Layer.OPEN_BLOCKS)),
            number(day.in(Layer.BLOCK_FILES)),
            number(day.in(Layer.CHUNKS)),
            number(day.tagged),
            number(day.in(Layer.BATCH_LAYER)),
            day.state,
            bar(day, most));
    return line.stripTrailing();
  }

  private static String number(long rows) {
    return rows == 0 ? "-" : "%,d".formatted(rows);
  }

  /**
   * The longest bar is that of the day with most rows. A layer with rows has one letter at least.
   */
  private static String bar(Day day, long most) {
    StringBuilder bar = new StringBuilder();
    for (Layer layer : Layer.values()) {
      long rows = day.in(layer);
      long letters = rows == 0 ? 0 : Math.max(1, Math.round((double) BAR * rows / most));
      bar.append(String.valueOf(layer.letter).repeat((int) letters));
    }
    return bar.toString();
  }
}
