package io.nova.live.server;

import io.nova.event.row.EventSchema;
import io.nova.event.row.RowCursor;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/**
 * The columns of an answer in its order. The answer encodes them as the stored row does, so a row
 * of the answer consists of stretches of the stored bytes.
 */
final class RowColumns {
  private static final List<Schema.Field> FIELDS = EventSchema.avro().getFields();

  private final Schema schema;
  private final List<Stretch> stretches;

  /** Neighboring columns of the row, from first to last inclusive. */
  private record Stretch(int first, int last) {}

  /**
   * Chooses columns by field id.
   *
   * @throws IllegalArgumentException if an id is unknown or appears twice
   */
  RowColumns(List<Integer> fieldIds) {
    List<Schema.Field> fields = new ArrayList<>();
    List<Stretch> chosen = new ArrayList<>();
    for (int id : fieldIds) {
      int position = position(id);
      Schema.Field field = FIELDS.get(position);
      if (fields.stream().anyMatch(f -> f.name().equals(field.name()))) {
        throw new IllegalArgumentException("Column " + id + " is asked for twice");
      }
      fields.add(new Schema.Field(field, field.schema()));
      int end = chosen.size() - 1;
      if (end >= 0 && chosen.get(end).last == position - 1) {
        chosen.set(end, new Stretch(chosen.get(end).first, position));
      } else {
        chosen.add(new Stretch(position, position));
      }
    }
    schema = Schema.createRecord("event", null, "io.nova", false, fields);
    stretches = List.copyOf(chosen);
  }

  /** The position of a column in the row; field ids count from 1, see docs/reference/formats.md. */
  static int position(int fieldId) {
    if (fieldId < 1 || fieldId > FIELDS.size()) {
      throw new IllegalArgumentException(
          "Column %s: the table has columns 1 to %s".formatted(fieldId, FIELDS.size()));
    }
    return fieldId - 1;
  }

  /** The Avro schema of the answer. */
  Schema schema() {
    return schema;
  }

  /** Whether no column is chosen. */
  boolean none() {
    return stretches.isEmpty();
  }

  /** Whether the answer has all columns in the order of the row. */
  boolean all() {
    return stretches.equals(List.of(new Stretch(0, FIELDS.size() - 1)));
  }

  /** The position of the last column to read, -1 for none. */
  int lastColumn() {
    return stretches.stream().mapToInt(Stretch::last).max().orElse(-1);
  }

  /** The number of bytes of the columns in the row under the cursor. */
  int length(RowCursor row) {
    int length = 0;
    for (int i = 0; i < stretches.size(); i++) {
      Stretch stretch = stretches.get(i);
      length += row.end(stretch.last) - row.start(stretch.first);
    }
    return length;
  }

  /** Copies the columns of the row under the cursor; {@code rows} is the array of the cursor. */
  void copy(RowCursor row, byte[] rows, byte[] target) {
    int at = 0;
    for (int i = 0; i < stretches.size(); i++) {
      Stretch stretch = stretches.get(i);
      int start = row.start(stretch.first);
      int length = row.end(stretch.last) - start;
      System.arraycopy(rows, start, target, at, length);
      at += length;
    }
  }
}
