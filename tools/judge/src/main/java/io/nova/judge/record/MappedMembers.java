package io.nova.judge.record;

import io.nova.judge.json.StrictJson;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A reader of records by a mapping, column by column. For one thread. */
final class MappedMembers {
  private final RecordMapping mapping;
  private final Set<String> ends;

  MappedMembers(RecordMapping mapping) {
    this.mapping = mapping;
    this.ends =
        mapping.columns().stream()
            .flatMap(column -> column.pointers().stream())
            .filter(pointer -> !isOfEnvelope(pointer))
            .map(JsonPlace::steps)
            .filter(steps -> steps.size() == 1)
            .map(steps -> steps.get(0))
            .collect(Collectors.toSet());
  }

  /** Whether a key occurs twice on the path of a pointer, below the top level of the record. */
  boolean repeatsKey(StrictJson record) {
    if (mapping.isExport()) {
      return false;
    }
    return mapping.columns().stream()
        .flatMap(column -> column.pointers().stream())
        .filter(pointer -> !isOfEnvelope(pointer))
        .map(JsonPlace::steps)
        .anyMatch(steps -> steps.size() > 1 && repeats(record, steps));
  }

  static boolean isOfEnvelope(String pointer) {
    return pointer.startsWith(MappedColumn.ENVELOPE);
  }

  private static boolean repeats(StrictJson record, List<String> steps) {
    Optional<byte[]> value = member(record, steps.get(0));
    for (String step : steps.subList(1, steps.size())) {
      if (value.isEmpty()) {
        return false;
      }
      List<byte[]> below = JsonPlace.below(value.get(), step);
      if (below.size() > 1) {
        return true;
      }
      value = below.stream().findFirst();
    }
    return false;
  }

  private static Optional<byte[]> member(StrictJson record, String key) {
    for (int member = 0; member < record.members(); member++) {
      if (record.key(member).equals(key)) {
        return Optional.of(record.slice(member));
      }
    }
    return Optional.empty();
  }

  /** The value at a pointer. */
  static Optional<byte[]> at(StrictJson record, String pointer) {
    List<String> steps = JsonPlace.steps(pointer);
    Optional<byte[]> value = member(record, steps.get(0));
    for (String step : steps.subList(1, steps.size())) {
      value = value.flatMap(json -> JsonPlace.below(json, step).stream().findFirst());
    }
    return value;
  }

  /**
   * The content of a record whose syntax was checked.
   *
   * @param envelope the JSON object around the record; no bytes for none
   */
  Content read(StrictJson record, byte[] envelope) {
    Content content = new Content(mapping.identity());
    HashSet<String> inColumns = new HashSet<>();
    for (MappedColumn column : mapping.columns()) {
      if (column.constant() == null) {
        place(record, envelope, column, content, inColumns);
      } else {
        content.put(column.key(), column.constant());
      }
    }
    for (int member = 0; member < record.members(); member++) {
      String key = record.key(member);
      boolean leftOut = record.firstOf(member) == 'n' && ends.contains(key);
      if (!inColumns.contains(key) && !leftOut) {
        content.putExtra(key, record.slice(member));
      }
    }
    return content;
  }

  private static void place(
      StrictJson record,
      byte[] envelope,
      MappedColumn column,
      Content content,
      Set<String> inColumns) {
    for (String pointer : column.pointers()) {
      boolean around = isOfEnvelope(pointer);
      Optional<byte[]> json =
          around
              ? SentElements.inEnvelope(envelope, pointer.substring(MappedColumn.ENVELOPE.length()))
              : at(record, pointer);
      if (json.isEmpty() || json.get()[0] == 'n') {
        continue;
      }
      MappedValue taken = MappedValue.of(column, json.get());
      content.put(column.key(), taken.value());
      if (taken.value() == null) {
        content.markMisfit(column.key());
      }
      if (!around && taken.whole() && JsonPlace.steps(pointer).size() == 1) {
        inColumns.add(JsonPlace.steps(pointer).get(0));
      }
      return;
    }
  }
}
