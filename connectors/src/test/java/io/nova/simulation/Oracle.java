package io.nova.simulation;

import io.nova.block.Admission;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What one shard ought to decide, from plain maps of all that it ever admitted. */
final class Oracle {
  private final Measures measures;
  private final Map<String, List<Long>> admitted = new HashMap<>();
  private final Map<Long, Set<String>> sealed = new HashMap<>();
  private final Map<Long, Set<String>> forgotten = new HashMap<>();
  private final Map<Integer, Long> progress = new HashMap<>();
  private long floor = Long.MIN_VALUE;

  Oracle(Measures measures) {
    this.measures = measures;
  }

  Oracle copy() {
    Oracle copy = new Oracle(measures);
    admitted.forEach(
        (identity, intervals) -> copy.admitted.put(identity, new ArrayList<>(intervals)));
    sealed.forEach((interval, identities) -> copy.sealed.put(interval, new HashSet<>(identities)));
    forgotten.forEach((interval, lost) -> copy.forgotten.put(interval, new HashSet<>(lost)));
    copy.progress.putAll(progress);
    copy.floor = floor;
    return copy;
  }

  Admission decide(Message message) {
    long interval = message.interval();
    if (interval < floor) {
      return Admission.TOO_LATE;
    }
    for (long copy : admitted.getOrDefault(message.identity(), List.of())) {
      boolean lost = forgotten.getOrDefault(copy, Set.of()).contains(message.identity());
      if (Math.abs(copy - interval) <= measures.windowBlocks() && !lost) {
        return Admission.DUPLICATE;
      }
    }
    return everyPlaceIsKnown(interval) ? Admission.ADMITTED : Admission.UNKNOWN;
  }

  boolean everyPlaceIsKnown(long interval) {
    for (int away = -measures.windowBlocks(); away <= measures.windowBlocks(); away++) {
      if (!forgotten.getOrDefault(interval + away, Set.of()).isEmpty()) {
        return false;
      }
    }
    return true;
  }

  void admitted(Message message) {
    admitted.computeIfAbsent(message.identity(), i -> new ArrayList<>()).add(message.interval());
  }

  void sealed(Message message) {
    sealed.computeIfAbsent(message.interval(), i -> new HashSet<>()).add(message.identity());
  }

  /** The backstop has run out for the fingerprints of an interval. */
  void forgot(long interval) {
    Set<String> lost = sealed.getOrDefault(interval, Set.of());
    forgotten.computeIfAbsent(interval, i -> new HashSet<>()).addAll(lost);
  }

  void advance(int partition, long uploadMicros) {
    progress.merge(partition, uploadMicros, Math::max);
    if (progress.keySet().containsAll(measures.everyPartition())) {
      long slowest = progress.values().stream().mapToLong(Long::longValue).min().orElseThrow();
      floor = Math.max(floor, Measures.intervalOf(slowest) - measures.horizonBlocks());
    }
  }
}
