package io.nova.live.server;

import io.nova.event.row.EventSchema;
import io.nova.event.row.RowCursor;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/**
 * The columns that an answer has, in its order. Since they are encoded there as in the row, a row
 * of the answer is made of stretches of the row's bytes.
 */
public final class RowColumns {
  private static final List<Schema.Field> FIELDS = EventSchema.avro().getFields();

  private final Schema schema;
  private final List<Stretch> stretches;

  /** Neighbouring columns of the row, the last included. */
  private record Stretch(int first, int last) {}

  /**
   * Chooses columns.
   *
   * @throws IllegalArgumentException where an id is not the table's, or there twice
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

  /** The position in the row of the column with an id: ids count from 1 (docs/formats.md). */
  public static int position(int fieldId) {
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

  boolean none() {
    return stretches.isEmpty();
  }

  /** Whether they are the row as it is. */
  boolean all() {
    return stretches.equals(List.of(new Stretch(0, FIELDS.size() - 1)));
  }

  /** The last column that is read, -1 for none. */
  int lastColumn() {
    return stretches.stream().mapToInt(Stretch::last).max().orElse(-1);
  }

  /** How many bytes the columns take of the row that a cursor has come to. */
  int length(RowCursor row) {
    int length = 0;
    for (int i = 0; i < stretches.size(); i++) {
      Stretch stretch = stretches.get(i);
      length += row.end(stretch.last) - row.start(stretch.first);
    }
    return length;
  }

  /** Copies them out of the array that the cursor's row lies in. */
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
