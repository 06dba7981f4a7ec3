package io.nova.console.ask;

import java.sql.Array;
import java.sql.Blob;
import java.sql.SQLException;
import java.sql.Struct;
import java.sql.Timestamp;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** DuckDB's values as plain ones, see {@link Answer#rows()}. For one answer and one thread. */
final class PlainValues {
  /** Characters after which a value is cut: a row must fit into an answer. */
  private static final int LONGEST_TEXT = 1 << 20;

  /** Bytes after which a value is cut. */
  private static final int LONGEST_BLOB = 1 << 16;

  private boolean cut;

  /** Whether a value was cut. */
  boolean cut() {
    return cut;
  }

  /**
   * The value as a number, a boolean, a text or null.
   *
   * @throws SQLException if the value cannot be read
   */
  @Nullable Object plain(@Nullable Object value) throws SQLException {
    if (value == null || value instanceof Boolean) {
      return value;
    }
    if (value instanceof Double || value instanceof Float) {
      double real = ((Number) value).doubleValue();
      return Double.isFinite(real) ? value : (Object) Double.toString(real);
    }
    if (value instanceof Number) {
      return value;
    }
    if (value instanceof OffsetDateTime time) {
      return time.withOffsetSameInstant(ZoneOffset.UTC).toInstant().toString();
    }
    if (value instanceof Timestamp time) {
      return time.toLocalDateTime().toString();
    }
    if (value instanceof LocalDateTime time) {
      return time.toString();
    }
    String text = text(value);
    if (text.length() <= LONGEST_TEXT) {
      return text;
    }
    cut = true;
    return text.substring(0, LONGEST_TEXT);
  }

  private String text(Object value) throws SQLException {
    if (value instanceof Array array) {
      return list(Arrays.asList((@Nullable Object[]) array.getArray()));
    }
    if (value instanceof Struct struct) {
      return list(Arrays.asList(struct.getAttributes()));
    }
    if (value instanceof Map<?, ?> map) {
      ArrayList<String> entries = new ArrayList<>();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        entries.add("%s=%s".formatted(plain(entry.getKey()), plain(entry.getValue())));
      }
      return "{%s}".formatted(String.join(", ", entries));
    }
    if (value instanceof Blob blob) {
      cut |= blob.length() > LONGEST_BLOB;
      return HexFormat.of()
          .formatHex(blob.getBytes(1, (int) Math.min(blob.length(), LONGEST_BLOB)));
    }
    return value.toString();
  }

  private String list(List<? extends @Nullable Object> values) throws SQLException {
    ArrayList<String> texts = new ArrayList<>();
    for (Object value : values) {
      texts.add(String.valueOf(plain(value)));
    }
    return "[%s]".formatted(String.join(", ", texts));
  }
}
