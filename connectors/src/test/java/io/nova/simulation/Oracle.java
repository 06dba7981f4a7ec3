package io.nova.simulation;

import io.nova.event.Micros;
import io.nova.shard.Admission;
import io.nova.shard.CopyKind;
import io.nova.shard.Decision.AdmittedCopy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The correct decisions of one shard, computed from plain maps of all admitted events. */
final class Oracle {
  private final Measures measures;
  private final Map<String, List<Copy>> admitted = new HashMap<>();
  private final Map<Long, Set<String>> sealed = new HashMap<>();
  private final Map<Long, Set<String>> forgotten = new HashMap<>();
  private final Map<Integer, Long> progress = new HashMap<>();
  private long floor = Micros.UNKNOWN;
  private long closedUpTo = Long.MIN_VALUE;
  private final List<SimulatedTag> handedOff = new ArrayList<>();
  private final TreeSet<Long> removed = new TreeSet<>();

  /** An admitted copy. */
  private record Copy(long interval, String payload, boolean tracked) {}

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
    copy.closedUpTo = closedUpTo;
    copy.handedOff.addAll(handedOff);
    copy.removed.addAll(removed);
    return copy;
  }

  Admission decide(SimulatedMessage message) {
    if (message.isTooLate(measures)) {
      return Admission.TOO_LATE;
    }
    List<Copy> near = near(message);
    if (isHandedOff(near, message)) {
      return Admission.HANDED_OFF;
    }
    return near.isEmpty() ? unlessRefused(message, Admission.ADMITTED) : beside(near, message);
  }

  private boolean isHandedOff(List<Copy> near, SimulatedMessage message) {
    long end = Long.MIN_VALUE;
    for (SimulatedTag tag : handedOff) {
      if (message.interval() < tag.end() && tag.hasRead(message)) {
        end = Math.max(end, tag.end());
      }
    }
    long last = end - 1;
    return end != Long.MIN_VALUE
        && (message.interval() + message.windowBlocks() <= last
            || near.stream().anyMatch(copy -> copy.interval <= last));
  }

  /**
   * Leaves batches to the batch layer: of these, the rows of the last windows are all that is
   * known.
   *
   * @param knownFrom the first interval that may be known
   */
  void handOff(int shard, List<SimulatedTag> tags, long knownFrom) {
    long from =
        closedUpTo == Long.MIN_VALUE
            ? Measures.intervalOf(measures.startMicros()) - 500
            : (closedUpTo + 1) * measures.batchBlocks();
    long end = tags.stream().mapToLong(SimulatedTag::end).max().orElseThrow();
    admitted
        .values()
        .forEach(copies -> copies.removeIf(copy -> copy.interval >= from && copy.interval < end));
    for (long interval = from; interval < end; interval++) {
      sealed.remove(interval);
      forgotten.remove(interval);
      if (interval < Math.max(knownFrom, end - measures.rules().largestWindowBlocks())) {
        removed.add(interval);
      }
    }
    for (SimulatedTag tag : tags) {
      closeUpTo(tag.batch());
      handedOff.add(tag);
      tag.rows().stream()
          .filter(row -> row.received().shard == shard && tag.isInLastWindow(row, measures))
          .forEach(this::loaded);
    }
  }

  private void loaded(SimulatedMessage row) {
    admitted
        .computeIfAbsent(row.identity(), i -> new ArrayList<>())
        .add(new Copy(row.interval(), row.payload(), false));
    sealed(row);
  }

  /** The admitted copies within the window that are not forgotten. */
  private List<Copy> near(SimulatedMessage message) {
    List<Copy> near = new ArrayList<>();
    for (Copy copy : admitted.getOrDefault(message.identity(), List.of())) {
      boolean lost = forgotten.getOrDefault(copy.interval, Set.of()).contains(message.identity());
      long away = Math.abs(copy.interval - message.interval());
      if (away <= message.windowBlocks() && !lost) {
        near.add(copy);
      }
    }
    return near;
  }

  private static CopyKind kind(Copy copy, SimulatedMessage message) {
    if (!copy.tracked || !message.tracked()) {
      return CopyKind.UNKNOWN;
    }
    return copy.payload.equals(message.payload()) ? CopyKind.NATURAL : CopyKind.CONFLICTING;
  }

  private Admission beside(List<Copy> near, SimulatedMessage message) {
    boolean conflicting =
        near.stream().allMatch(copy -> kind(copy, message) == CopyKind.CONFLICTING);
    if (!conflicting) {
      return Admission.DUPLICATE;
    }
    return switch (message.rule()) {
      case KEEP_FIRST -> Admission.DUPLICATE;
      case REJECT -> Admission.CONFLICTING;
      case KEEP_BOTH -> unlessRefused(message, Admission.ADMITTED_BESIDE);
    };
  }

  /**
   * Whether a decision names a copy that exists. Where it conflicts, all copies in the window must.
   */
  boolean hasMet(SimulatedMessage message, AdmittedCopy met) {
    List<Copy> near = near(message);
    boolean there =
        near.stream()
            .anyMatch(
                copy ->
                    copy.interval == message.interval() - met.gapBlocks()
                        && kind(copy, message) == met.kind());
    return there
        && (met.kind() != CopyKind.CONFLICTING
            || near.stream().allMatch(copy -> kind(copy, message) == CopyKind.CONFLICTING));
  }

  private Admission unlessRefused(SimulatedMessage message, Admission admission) {
    if (!everyPlaceIsKnown(message)) {
      return Admission.UNKNOWN;
    }
    return measures.batchOf(message.uploadMicros()) > closedUpTo
        ? admission
        : Admission.BATCH_CLOSED;
  }

  boolean everyPlaceIsKnown(SimulatedMessage message) {
    for (int away = -message.windowBlocks(); away <= message.windowBlocks(); away++) {
      if (isRemoved(message.interval() + away)
          || !forgotten.getOrDefault(message.interval() + away, Set.of()).isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /** Whether it was removed, or lies between two removed ones at most a window apart. */
  private boolean isRemoved(long interval) {
    Long before = removed.floor(interval);
    Long after = removed.ceiling(interval);
    return before != null
        && after != null
        && after - before - 1 <= measures.rules().largestWindowBlocks();
  }

  void admitted(SimulatedMessage message) {
    admitted
        .computeIfAbsent(message.identity(), i -> new ArrayList<>())
        .add(new Copy(message.interval(), message.payload(), message.tracked()));
  }

  void sealed(SimulatedMessage message) {
    sealed.computeIfAbsent(message.interval(), i -> new HashSet<>()).add(message.identity());
  }

  /** Closes a batch, and all before it. */
  void closeUpTo(long batch) {
    closedUpTo = Math.max(closedUpTo, batch);
  }

  /** Notes that the TTL has removed the fingerprints of an interval. */
  void forgot(long interval) {
    Set<String> lost = sealed.getOrDefault(interval, Set.of());
    forgotten.computeIfAbsent(interval, i -> new HashSet<>()).addAll(lost);
  }

  /** A checkpoint: the oldest intervals of which everything is forgotten are given up. */
  void checkpointed() {
    for (long interval : new TreeSet<>(sealed.keySet())) {
      if (interval < keptFrom()) {
        continue;
      }
      if (!forgotten.getOrDefault(interval, Set.of()).containsAll(sealed.get(interval))) {
        return;
      }
      removed.add(interval);
    }
  }

  /** The first interval whose fingerprints the lateness limit keeps. */
  private long keptFrom() {
    return floor == Micros.UNKNOWN
        ? Micros.UNKNOWN
        : floor - measures.rules().largestWindowBlocks();
  }

  void advance(int partition, long uploadMicros) {
    progress.merge(partition, uploadMicros, Math::max);
    if (progress.keySet().containsAll(measures.everyPartition())) {
      long slowest = progress.values().stream().mapToLong(Long::longValue).min().orElseThrow();
      floor = Math.max(floor, Measures.intervalOf(slowest) - measures.latenessLimitBlocks());
      removeSealed();
    }
  }

  /** The fingerprints of sealed blocks leave below the floor less the largest window. */
  private void removeSealed() {
    for (long interval : new TreeSet<>(sealed.keySet())) {
      if (interval < keptFrom()) {
        forgot(interval);
        removed.add(interval);
        sealed.remove(interval);
      }
    }
  }
}
