package io.nova.handoff;

import io.nova.event.Micros;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How far each Kafka partition of the events is read, and which of them a close waits for.
 *
 * <p>A silent partition counts. These do not: a retired one, one that holds no record, and one that
 * the options retire. Not thread safe.
 */
public final class PartitionStates {
  private final Set<Integer> retiredByOption;
  private final Map<Integer, PartitionState> partitions = new TreeMap<>();
  private Set<Integer> empty = Set.of();

  /**
   * The partitions at a start of the job.
   *
   * @param known partitions of the topic. One that shows progress later is known from then on
   * @param retiredByOption the partitions that never count
   * @param restored what a checkpoint knew; empty at a first start
   */
  public PartitionStates(
      Set<Integer> known, Set<Integer> retiredByOption, Collection<PartitionState> restored) {
    this.retiredByOption = Set.copyOf(retiredByOption);
    known.forEach(this::of);
    restored.forEach(state -> partitions.put(state.partition(), state));
  }

  private PartitionState of(int partition) {
    return partitions.computeIfAbsent(partition, PartitionState::unread);
  }

  /**
   * Notes that a partition has been read.
   *
   * @param uploadMicros its progress, microseconds since 1970; {@link Micros#UNKNOWN} if unknown
   * @param offset the greatest offset read
   */
  public void read(int partition, long uploadMicros, long offset) {
    partitions.put(partition, of(partition).read(uploadMicros, offset));
  }

  /**
   * Retires a partition until its next record.
   *
   * @return the offset up to which it has been read
   */
  public long retire(int partition) {
    long at = of(partition).readTo();
    retire(partition, at);
    return at;
  }

  /**
   * Repeats a retirement that was answered. The partition counts until it is read up to the offset.
   *
   * @param at the offset that the answer names
   */
  public void retire(int partition, long at) {
    partitions.put(partition, of(partition).retired(at));
  }

  /** Notes the partitions that hold no record, as the brokers say. */
  public void empty(Set<Integer> now) {
    empty = Set.copyOf(now);
  }

  /** Whether the topic has such a partition. */
  boolean knows(int partition) {
    return partitions.containsKey(partition) || retiredByOption.contains(partition);
  }

  Set<Integer> known() {
    Set<Integer> known = new HashSet<>(retiredByOption);
    known.addAll(partitions.keySet());
    return known;
  }

  /** The partitions that a close waits for. */
  List<PartitionState> counted(Collection<Integer> leftOut) {
    return partitions.values().stream()
        .filter(state -> !leftOut.contains(state.partition()))
        .filter(state -> !retiredByOption.contains(state.partition()))
        .filter(state -> !state.isRetired())
        .filter(state -> state.readTo() > 0 || !empty.contains(state.partition()))
        .toList();
  }

  /** The greatest progress of any partition; {@link Micros#UNKNOWN} before any. */
  long fastestMicros() {
    return partitions.values().stream()
        .mapToLong(PartitionState::reachedMicros)
        .max()
        .orElse(Micros.UNKNOWN);
  }

  /** The smallest first progress of a partition; {@link Micros#UNKNOWN} before any. */
  long firstMicros() {
    return partitions.values().stream()
        .filter(PartitionState::hasProgress)
        .mapToLong(PartitionState::firstMicros)
        .min()
        .orElse(Micros.UNKNOWN);
  }

  /** By partition, the offset after the last record read. */
  public Map<Integer, Long> readTo() {
    return partitions.values().stream()
        .collect(Collectors.toMap(PartitionState::partition, PartitionState::readTo));
  }

  /** Whether each partition has been read up to an offset. */
  public boolean isReadTo(Map<Integer, Long> offsets) {
    return offsets.entrySet().stream()
        .allMatch(wanted -> readTo(wanted.getKey()) >= wanted.getValue());
  }

  private long readTo(int partition) {
    PartitionState state = partitions.get(partition);
    return state == null ? 0 : state.readTo();
  }

  /** What a checkpoint stores. */
  public List<PartitionState> stored() {
    return List.copyOf(partitions.values());
  }
}
