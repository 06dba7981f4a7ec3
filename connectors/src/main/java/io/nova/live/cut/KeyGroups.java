package io.nova.live.cut;

import java.util.Collection;
import java.util.StringJoiner;
import java.util.TreeSet;

/** Formats numbers of key groups for people, such as {@code 0-31, 40}. */
final class KeyGroups {
  private KeyGroups() {}

  static String text(Collection<Integer> shards) {
    StringJoiner text = new StringJoiner(", ");
    Integer from = null;
    Integer to = null;
    for (int shard : new TreeSet<>(shards)) {
      if (from != null && to != null && to + 1 != shard) {
        text.add(range(from, to));
        from = null;
      }
      from = from == null ? shard : from;
      to = shard;
    }
    return from == null || to == null ? "none" : text.add(range(from, to)).toString();
  }

  private static String range(int from, int to) {
    return from == to ? Integer.toString(from) : from + "-" + to;
  }
}
