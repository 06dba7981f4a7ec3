package io.nova.console.ask.cut;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The parts that are loaded, by what they hold. Immutable.
 *
 * @param open the open blocks of the last live cut
 * @param files the block files of all cuts, by path
 */
record LoadedRows(Map<OpenKey, OpenPart> open, Map<String, List<Part>> files) {
  static final LoadedRows NONE = new LoadedRows(Map.of(), Map.of());

  /**
   * An open block. After a late part another block may have the same key.
   *
   * @param generation the run of the job
   */
  record OpenKey(String generation, int shard, long interval) {}

  /**
   * The rows of an open block that are loaded.
   *
   * @param attempt the attempt of the subtask that served them
   * @param sealed the sequence that its shard had sealed when they were read
   */
  record OpenPart(Part part, int attempt, long sealed) {}

  /**
   * Rows that are loaded.
   *
   * @param id number of the part in DuckDB
   * @param rows number of rows
   * @param partition Kafka partition of the last row
   * @param offset offset of the last row
   * @param index index of the last row in its message; no other row has all three
   */
  record Part(int id, long rows, int partition, long offset, int index) {
    /** A part without rows. */
    static Part empty(int id) {
      return new Part(id, 0, -1, -1, -1);
    }

    /** Whether its last row comes from this place. */
    boolean endsAt(int otherPartition, long otherOffset, int otherIndex) {
      return partition == otherPartition && offset == otherOffset && index == otherIndex;
    }
  }

  LoadedRows {
    open = Map.copyOf(open);
    files = Map.copyOf(files);
  }

  /** The ids of all parts. */
  Set<Integer> parts() {
    Set<Integer> ids = new HashSet<>();
    open.values().forEach(block -> ids.add(block.part().id()));
    files.values().stream().flatMap(List::stream).forEach(part -> ids.add(part.id()));
    return ids;
  }

  /** The same without block files that no cut names. */
  LoadedRows retaining(Collection<String> paths) {
    Map<String, List<Part>> kept = new HashMap<>(files);
    kept.keySet().retainAll(new HashSet<>(paths));
    return new LoadedRows(open, kept);
  }
}
