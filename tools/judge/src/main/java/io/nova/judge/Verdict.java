package io.nova.judge;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the judge found. At rest, and if the promise holds: sent = admitted + duplicates + rejected.
 *
 * @param sent messages that were sent
 * @param admitted rows of the table
 * @param duplicates sent messages that were left out and have an admitted copy within the window
 * @param rejected records of the rejected topic by reason, each topic, partition and offset once
 * @param missing sent messages that are neither in the table, nor a duplicate, nor rejected
 * @param extra rows and rejected records that no sent message accounts for
 * @param changed rows of a sent identity whose content is not that of any message sent with it
 * @param broken other broken promises by name, such as two admitted copies within the window
 * @param examples a few of what is wrong, one line each
 */
public record Verdict(
    long sent,
    long admitted,
    long duplicates,
    Map<String, Long> rejected,
    long missing,
    long extra,
    long changed,
    Map<String, Long> broken,
    List<String> examples) {
  public Verdict {
    rejected = new TreeMap<>(rejected);
    broken = new TreeMap<>(broken);
    examples = List.copyOf(examples);
  }

  /** Whether nothing is missing, extra, changed or otherwise broken. */
  public boolean holds() {
    return missing == 0 && extra == 0 && changed == 0 && broken.isEmpty();
  }

  /** All rejected records, whatever the reason. */
  public long rejectedTotal() {
    return rejected.values().stream().mapToLong(Long::longValue).sum();
  }
}
