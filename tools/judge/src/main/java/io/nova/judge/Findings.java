package io.nova.judge;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts of faults by name, and a few examples of each name. For one thread. */
final class Findings {
  static final String MISSING = "missing";
  static final String EXTRA = "extra";
  static final String CHANGED = "changed";

  private static final int EXAMPLES_OF_A_NAME = 5;

  private final Map<String, Long> counts = new TreeMap<>();
  private final List<Example> examples = new ArrayList<>();

  /**
   * One example of a fault.
   *
   * @param name the name of the fault
   * @param message the place of its message among the sent messages, or -1 for none
   * @param text the fault in words
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

  /** The counts of all faults but missing, extra and changed. */
  Map<String, Long> others() {
    TreeMap<String, Long> others = new TreeMap<>(counts);
    others.keySet().removeAll(List.of(MISSING, EXTRA, CHANGED));
    return others;
  }

  List<Example> examples() {
    return examples;
  }
}
