package io.nova.judge.record;

import io.nova.judge.json.JsonStrings;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The content of a record, as the table should have it. Each column has a value: String, Long,
 * Double or Boolean, a time in microseconds, JSON as its text. Members without a column, or that do
 * not fit their column, are kept by key as their original bytes. It is filled once, then only read.
 */
public final class Content {
  private final @Nullable Object[] values = new @Nullable Object[ExportKeys.ALL.size()];
  private final TreeMap<String, byte[]> extra = new TreeMap<>();
  private final List<ExportKey> identity;
  private long misfits;

  /**
   * Empty content.
   *
   * @param identity the columns of the identity; empty for Amplitude's three kinds
   */
  public Content(List<ExportKey> identity) {
    this.identity = identity;
  }

  /** Sets the value of a column; null for none. */
  public void put(ExportKey key, @Nullable Object value) {
    values[key.place()] = value;
  }

  /** Adds a member without a fitting column. */
  public void putExtra(String key, byte[] json) {
    extra.put(key, json);
  }

  /** The value of a column; null for none. */
  public @Nullable Object get(ExportKey key) {
    return values[key.place()];
  }

  /** The text of a column; empty when it is missing or has no characters. */
  Optional<String> text(ExportKey key) {
    return get(key) instanceof String text && !text.isEmpty()
        ? Optional.of(text)
        : Optional.empty();
  }

  Optional<Long> number(ExportKey key) {
    return get(key) instanceof Long number ? Optional.of(number) : Optional.empty();
  }

  /** The members without a fitting column as a JSON object; null when there are none. */
  public @Nullable String extraJson() {
    return extra.isEmpty()
        ? null
        : extra.entrySet().stream()
            .map(member -> JsonStrings.quote(member.getKey()) + ":" + utf8(member.getValue()))
            .collect(Collectors.joining(",", "{", "}"));
  }

  private static String utf8(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }

  void markMisfit(ExportKey key) {
    misfits |= 1L << key.place();
  }

  /** Whether the record has a value for this column that does not fit. */
  boolean isMisfit(ExportKey key) {
    return get(key) == null && (misfits & 1L << key.place()) != 0;
  }

  /** The columns of the identity; empty for Amplitude's three kinds. */
  List<ExportKey> identityColumns() {
    return identity;
  }

  /** A digest of columns and members. Minus zero and zero are one number. */
  public Digest.Words payload(Digest digest) {
    digest.clear();
    for (int place = 0; place < values.length; place++) {
      Object value = values[place];
      if (value != null) {
        addValue(digest.add(place), value);
      }
    }
    extra.forEach((key, json) -> digest.add(Long.MIN_VALUE).add(key).add(json));
    return digest.words();
  }

  private static void addValue(Digest digest, Object value) {
    if (value instanceof String text) {
      digest.add(text);
    } else if (value instanceof Long number) {
      digest.add(number);
    } else if (value instanceof Double number) {
      digest.add(Double.doubleToLongBits(number + 0.0));
    } else {
      digest.add(Boolean.TRUE.equals(value) ? 1 : 0);
    }
  }

  /** A digest of the identity, of the first kind whose fields are all there; empty for none. */
  public Optional<Digest.Words> identity(Digest digest) {
    Optional<Long> app = number(ExportKeys.APP);
    if (app.isEmpty()) {
      return Optional.empty();
    }
    digest.clear().add(app.get());
    if (!identity.isEmpty()) {
      return identityByColumns(digest.add(4));
    }
    Optional<String> device = text(ExportKeys.DEVICE_ID);
    Optional<String> insert = text(ExportKeys.INSERT_ID);
    if (device.isPresent() && insert.isPresent()) {
      return Optional.of(digest.add(1).add(device.get()).add(insert.get()).words());
    }
    Optional<String> uuid = text(ExportKeys.UUID);
    if (uuid.isPresent()) {
      return Optional.of(digest.add(2).add(uuid.get()).words());
    }
    Optional<Long> event = number(ExportKeys.EVENT_ID);
    Optional<Long> time = number(ExportKeys.CLIENT_EVENT_TIME);
    return device.isPresent() && event.isPresent() && time.isPresent()
        ? Optional.of(digest.add(3).add(device.get()).add(event.get()).add(time.get()).words())
        : Optional.empty();
  }

  private Optional<Digest.Words> identityByColumns(Digest digest) {
    for (ExportKey key : identity) {
      Object value = get(key);
      if (value == null || value.equals("")) {
        return Optional.empty();
      }
      addValue(digest.add(key.place()), value);
    }
    return Optional.of(digest.words());
  }

  /** The user: amplitude_id, else user_id, else device_id, else empty. */
  public Optional<String> user() {
    return number(ExportKeys.AMPLITUDE_ID)
        .map(String::valueOf)
        .or(() -> text(ExportKeys.USER_ID))
        .or(() -> text(ExportKeys.DEVICE_ID));
  }

  /** The upload time in microseconds since 1970. */
  public Optional<Long> uploadMicros() {
    return number(ExportKeys.UPLOAD_TIME);
  }

  /** The identity's fields, for messages. */
  public String who() {
    return "app %s, device %s, insert id %s, uuid %s, uploaded %s"
        .formatted(
            get(ExportKeys.APP),
            get(ExportKeys.DEVICE_ID),
            get(ExportKeys.INSERT_ID),
            get(ExportKeys.UUID),
            uploadMicros().map(Times::text).orElse("(no time)"));
  }
}
