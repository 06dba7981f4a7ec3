package io.nova.judge;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts what is wrong, by name, and keeps a few examples of each name. For one thread. */
final class Findings {
  static final String MISSING = "missing";
  static final String EXTRA = "extra";
  static final String CHANGED = "changed";

  private static final int EXAMPLES_OF_A_NAME = 5;

  private final Map<String, Long> counts = new TreeMap<>();
  private final List<Example> examples = new ArrayList<>();

  /**
   * One example.
   *
   * @param message the message it is about, by its place among the sent ones, or -1
   */
  record Example(String name, int message, String text) {}

  void add(String name, String text) {
    add(name, -1, text);
  }

  void add(String name, int message, String text) {
    if (counts.merge(name, 1L, Long::sum) <= EXAMPLES_OF_A_NAME) {
      examples.add(new Example(name, message, text));
    }
  }

  long count(String name) {
    return counts.getOrDefault(name, 0L);
  }

  /** All that is wrong in other ways than missing, extra or changed. */
  Map<String, Long> others() {
    TreeMap<String, Long> others = new TreeMap<>(counts);
    others.keySet().removeAll(List.of(MISSING, EXTRA, CHANGED));
    return others;
  }

  List<Example> examples() {
    return examples;
  }
}
