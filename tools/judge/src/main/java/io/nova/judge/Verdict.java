package io.nova.judge;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The judge's result. For a job at rest that breaks no rule, sent = admitted + duplicates +
 * rejected.
 *
 * @param sent messages that were sent
 * @param admitted rows of the table
 * @param duplicates sent messages without a row, with an admitted copy within the dedup window
 * @param rejected records of the rejected topic by reason, each position once
 * @param missing sent messages that are neither in the table, nor a duplicate, nor rejected
 * @param unread sent messages like these that the job has not read yet; not counted as missing
 * @param extra rows and rejected records without a sent message
 * @param changed rows of a sent identity whose content no message of that identity has
 * @param broken breaks of other rules, by name, such as two admitted copies within the window
 * @param examples a few of the faults, one line each
 */
public record Verdict(
    long sent,
    long admitted,
    long duplicates,
    Map<String, Long> rejected,
    long missing,
    long unread,
    long extra,
    long changed,
    Map<String, Long> broken,
    List<String> examples) {
  /** Keeps copies. */
  public Verdict {
    rejected = new TreeMap<>(rejected);
    broken = new TreeMap<>(broken);
    examples = List.copyOf(examples);
  }

  /** Whether every event is there exactly once: all are read, and no rule is broken. */
  public boolean holds() {
    return unread == 0 && holdsSoFar();
  }

  /** Whether nothing is missing, extra, changed or broken among the messages that were read. */
  public boolean holdsSoFar() {
    return missing == 0 && extra == 0 && changed == 0 && broken.isEmpty();
  }

  /** The number of rejected records, of all reasons. */
  public long rejectedTotal() {
    return rejected.values().stream().mapToLong(Long::longValue).sum();
  }
}
