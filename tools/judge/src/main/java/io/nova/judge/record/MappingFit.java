package io.nova.judge.record;

import io.nova.judge.json.StrictJson;
import io.nova.judge.json.StrictJson.Shape;
import io.nova.judge.record.SentElements.SentElement;
import io.nova.workload.input.Message;
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
  private final SentElements elements;
  private final StrictJson json = new StrictJson();
  private byte[] envelope = {};

  /** Explains for one mapping. */
  public MappingFit(RecordMapping mapping) {
    this.mapping = mapping;
    this.elements = new SentElements(mapping);
  }

  /** Whether a message has a JSON object as a record. Only objects can fit a mapping. */
  public boolean isRecord(Message message) {
    return firstRecord(message).isPresent();
  }

  /** The first element of a message that is an object, or the message itself where it is one. */
  private Optional<SentElement> firstRecord(Message message) {
    return elements.of(message).stream()
        .filter(one -> one.value() != null && json.read(one.value()) == Shape.OBJECT)
        .findFirst();
  }

  /**
   * Why the job would reject the first record of a message for its app, upload time or identity.
   * Empty when it would not, and when the message has no JSON object.
   */
  public Optional<String> misfit(Message message) {
    return firstRecord(message).flatMap(this::misfit);
  }

  private Optional<String> misfit(SentElement first) {
    if (first.record().content() != null || first.value() == null) {
      return Optional.empty();
    }
    if (mapping.each().isPresent() && first.envelope() == null) {
      return Optional.of(
          "each: at \"%s\" found no array of at most 10,000 records"
              .formatted(mapping.each().get()));
    }
    json.read(first.value());
    envelope = first.envelope() == null ? new byte[0] : first.envelope();
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
      Optional<byte[]> value =
          MappedMembers.isOfEnvelope(pointer)
              ? SentElements.inEnvelope(envelope, pointer.substring(MappedColumn.ENVELOPE.length()))
              : MappedMembers.at(json, pointer);
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
