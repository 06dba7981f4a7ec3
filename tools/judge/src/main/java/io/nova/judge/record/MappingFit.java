package io.nova.judge.record;

import io.nova.judge.json.StrictJson;
import io.nova.judge.json.StrictJson.Shape;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Explains, field by field, why a mapping does not fit a record. For one thread. */
public final class MappingFit {
  private static final int SHOWN_KEYS = 30;
  private static final int SHOWN_CHARACTERS = 60;

  private final RecordMapping mapping;
  private final StrictJson json = new StrictJson();

  /** Explains for one mapping. */
  public MappingFit(RecordMapping mapping) {
    this.mapping = mapping;
  }

  /** Whether a value is a JSON object. Only objects can fit a mapping. */
  public boolean isRecord(byte[] value) {
    return json.read(value) == Shape.OBJECT;
  }

  /**
   * Why the job would reject a record for its app, upload time or identity. Empty when it would
   * not, and when the value is not a JSON object.
   */
  public Optional<String> misfit(byte[] record) {
    SentRecord read = new SentReader(mapping).read(record);
    if (read.content() != null || json.read(record) != Shape.OBJECT) {
      return Optional.empty();
    }
    ArrayList<String> lines = new ArrayList<>();
    needed().forEach(key -> line(key).ifPresent(lines::add));
    if (lines.isEmpty()) {
      return Optional.empty();
    }
    lines.add("the record has the keys " + keys());
    return Optional.of(String.join(System.lineSeparator() + "  ", lines));
  }

  /** The keys of app, upload time and identity. */
  private Set<ExportKey> needed() {
    LinkedHashSet<ExportKey> needed = new LinkedHashSet<>();
    needed.add(ExportKeys.APP);
    needed.add(ExportKeys.UPLOAD_TIME);
    needed.addAll(
        mapping.identity().isEmpty()
            ? List.of(ExportKeys.DEVICE_ID, ExportKeys.INSERT_ID, ExportKeys.UUID)
            : mapping.identity());
    return needed;
  }

  private Optional<String> line(ExportKey key) {
    Optional<MappedColumn> column = mapping.column(key);
    if (column.isEmpty() || column.get().constant() != null) {
      return Optional.empty();
    }
    for (String pointer : column.get().pointers()) {
      Optional<byte[]> value = MappedMembers.at(json, pointer);
      if (value.isPresent() && value.get()[0] != 'n') {
        Object fits = MappedValue.of(column.get(), value.get()).value();
        return fits == null || fits.equals("")
            ? Optional.of(words(column.get(), pointer, shortened(value.get())))
            : Optional.empty();
      }
    }
    return Optional.of(
        words(column.get(), String.join(" or ", column.get().pointers()), "nothing"));
  }

  private static String words(MappedColumn column, String pointers, String found) {
    return "%s: at %s found %s, expected %s"
        .formatted(column.field(), pointers, found, column.expected());
  }

  private static String shortened(byte[] value) {
    String text = new String(value, StandardCharsets.UTF_8);
    return text.length() > SHOWN_CHARACTERS ? text.substring(0, SHOWN_CHARACTERS) + "..." : text;
  }

  private String keys() {
    ArrayList<String> keys = new ArrayList<>();
    for (int member = 0; member < json.members() && keys.size() < SHOWN_KEYS; member++) {
      keys.add(json.key(member));
    }
    return keys.isEmpty()
        ? "(none)"
        : String.join(", ", keys) + (json.members() > SHOWN_KEYS ? ", ..." : "");
  }
}
