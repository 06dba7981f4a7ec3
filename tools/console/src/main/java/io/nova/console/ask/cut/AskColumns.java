package io.nova.console.ask.cut;

import io.nova.event.row.EventSchema;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types.NestedField;

/**
 * The columns of {@code events} and {@code lambda_events} in DuckDB. Names, order and values are
 * those of Flink SQL. Times are TIMESTAMPTZ.
 *
 * @param table the schema of the Iceberg table
 */
public record AskColumns(Schema table) {
  static final String UPLOAD_TIME = "server_upload_time";

  /** The stored columns that queries see, in the table's order. The fingerprint is none of them. */
  List<NestedField> stored() {
    return table.columns().stream()
        .filter(field -> !field.name().equals(EventSchema.FINGERPRINT))
        .toList();
  }

  /** The positions of these columns in the table, from 0. */
  List<Integer> ids() {
    return stored().stream().map(NestedField::fieldId).toList();
  }

  /** The stored columns as Iceberg's schema. */
  Schema storedSchema() {
    return new Schema(stored());
  }

  /** The position of a stored column in {@link #stored()}. */
  int position(String name) {
    List<NestedField> fields = stored();
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).name().equals(name)) {
        return i;
      }
    }
    throw new IllegalArgumentException("Table nova.events has no column " + name);
  }

  /** The definitions of the stored columns for CREATE TABLE. */
  String definitions() {
    return stored().stream()
        .map(field -> quoted(field.name()) + " " + typeOf(field))
        .collect(Collectors.joining(", "));
  }

  /**
   * The select list of both tables over rows that have the stored columns.
   *
   * @param sourceFile an expression for the column {@code source_file}
   * @param token the value of the column {@code read_token}
   */
  String selectList(String sourceFile, String token) {
    Set<String> others = new HashSet<>(EventSchema.BATCH_AND_PLACE);
    Stream<String> physical =
        stored().stream()
            .map(NestedField::name)
            .filter(name -> !others.contains(name))
            .map(AskColumns::quoted);
    return Stream.of(
            physical,
            Stream.of(UPLOAD_TIME + " AS upload_time"),
            EventSchema.BATCH_AND_PLACE.stream().map(AskColumns::quoted),
            Stream.of(sourceFile + " AS source_file", literal(token) + " AS read_token"))
        .flatMap(columns -> columns)
        .collect(Collectors.joining(", "));
  }

  /** The select list of a table without rows. */
  String nothing() {
    String typed =
        stored().stream()
            .map(field -> "NULL::%s AS %s".formatted(typeOf(field), quoted(field.name())))
            .collect(Collectors.joining(", "));
    return "SELECT %s FROM (SELECT %s) WHERE false".formatted(selectList("''", ""), typed);
  }

  /** DuckDB's type of a column. */
  static String typeOf(NestedField field) {
    Type type = field.type();
    return switch (type.typeId()) {
      case STRING -> "VARCHAR";
      case INTEGER -> "INTEGER";
      case LONG -> "BIGINT";
      case DOUBLE -> "DOUBLE";
      case BOOLEAN -> "BOOLEAN";
      case TIMESTAMP -> "TIMESTAMPTZ";
      default ->
          throw new IllegalArgumentException(
              "Column %s: found the type %s, expected string, int, long, double, boolean or timestamptz. It is not read."
                  .formatted(field.name(), type));
    };
  }

  /** A name in SQL. */
  static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** A text in SQL. */
  public static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
