package io.nova.bench;

import java.util.ArrayList;
import java.util.List;

/** The command line of Nova's job in a benchmark. */
public final class JobWords {
  private JobWords() {}

  /**
   * The words after the jar.
   *
   * @param warehouse address of the table's warehouse
   * @param options such as {@code nova.dedup.window=24 h}
   */
  public static List<String> of(String warehouse, List<String> options) {
    List<String> words = new ArrayList<>(List.of("--nova.warehouse", warehouse));
    for (String option : options) {
      int equals = option.indexOf('=');
      words.add("--" + option.substring(0, equals));
      words.add(option.substring(equals + 1));
    }
    return words;
  }
}
