package io.nova.sql.table;

import io.nova.event.row.EventSchema;
import io.nova.sql.source.EventScan;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.types.DataType;
import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.iceberg.types.Types.TimestampType;

/**
 * The SQL columns of the tables {@code events} and {@code lambda_events}: the columns of the event
 * as they are stored, {@code upload_time} as a second name of {@code server_upload_time}, and
 * metadata columns with the origin of the row. The fingerprint serves restores only, so it is no
 * column.
 *
 * @param stored schema of the Iceberg table
 */
public record EventColumns(Schema stored) {
  static final String UPLOAD_TIME = "upload_time";
  static final String SOURCE_FILE = "source_file";
  static final String READ_TOKEN = "read_token";

  /**
   * Checks the schema.
   *
   * @throws IllegalArgumentException if it is not the schema of a Nova table
   */
  public EventColumns {
    List<String> missing =
        EventSchema.BATCH_AND_PLACE.stream()
            .filter(name -> stored.findField(name) == null)
            .toList();
    if (!missing.isEmpty() || stored.findField(EventScan.SERVER_UPLOAD_TIME) == null) {
      throw new IllegalArgumentException(
          ("Table nova.events: its columns are not those of a Nova table, expected %s and "
                  + "%s, found %s. It is not read.")
              .formatted(
                  EventSchema.BATCH_AND_PLACE,
                  EventScan.SERVER_UPLOAD_TIME,
                  stored.columns().stream().map(NestedField::name).toList()));
    }
  }

  /** The columns of {@code lambda_events}: the batch layer need not know an event's place. */
  EventColumns ofLambda() {
    return new EventColumns(
        new Schema(
            stored.columns().stream()
                .map(
                    column ->
                        EventSchema.PLACE.contains(column.name()) ? column.asOptional() : column)
                .toList()));
  }

  /** The schema of {@code lambda_events} in Flink SQL. */
  public org.apache.flink.table.api.Schema lambdaSchema() {
    return ofLambda().flinkSchema();
  }

  /** The schema of the table in Flink SQL. */
  public org.apache.flink.table.api.Schema flinkSchema() {
    org.apache.flink.table.api.Schema.Builder schema =
        org.apache.flink.table.api.Schema.newBuilder();
    physical().forEach(field -> schema.column(field.name(), typeOf(field)));
    schema.columnByExpression(UPLOAD_TIME, "`" + EventScan.SERVER_UPLOAD_TIME + "`");
    metadata().forEach((key, type) -> schema.columnByMetadata(key, type, true));
    return schema.build();
  }

  /** The columns of the event, in the table's order. */
  List<NestedField> physical() {
    Set<String> others = new HashSet<>(EventSchema.BATCH_AND_PLACE);
    others.add(EventSchema.FINGERPRINT);
    return stored.columns().stream().filter(field -> !others.contains(field.name())).toList();
  }

  /** The types of the metadata columns by name, in a fixed order. */
  Map<String, DataType> metadata() {
    LinkedHashMap<String, DataType> types = new LinkedHashMap<>();
    EventSchema.BATCH_AND_PLACE.forEach(name -> types.put(name, typeOf(stored.findField(name))));
    types.put(SOURCE_FILE, DataTypes.STRING().notNull());
    types.put(READ_TOKEN, DataTypes.STRING().notNull());
    return types;
  }

  /** The stored schema of rows with these columns, in this order. */
  Schema project(List<String> names) {
    return new Schema(names.stream().map(this::field).collect(Collectors.toList()));
  }

  private NestedField field(String name) {
    return switch (name) {
      case SOURCE_FILE -> MetadataColumns.FILE_PATH;
      case READ_TOKEN -> EventScan.READ_TOKEN;
      default -> stored.findField(name);
    };
  }

  private static DataType typeOf(NestedField field) {
    DataType type =
        switch (field.type().typeId()) {
          case STRING -> DataTypes.STRING();
          case INTEGER -> DataTypes.INT();
          case LONG -> DataTypes.BIGINT();
          case DOUBLE -> DataTypes.DOUBLE();
          case BOOLEAN -> DataTypes.BOOLEAN();
          case TIMESTAMP -> instant(field);
          default -> throw unreadable(field);
        };
    return field.isRequired() ? type.notNull() : type.nullable();
  }

  private static DataType instant(NestedField field) {
    if (!((TimestampType) field.type()).shouldAdjustToUTC()) {
      throw unreadable(field);
    }
    return DataTypes.TIMESTAMP_LTZ(6);
  }

  private static IllegalArgumentException unreadable(NestedField field) {
    Type type = field.type();
    return new IllegalArgumentException(
        ("Table nova.events, column %s: found the type %s, expected string, int, long, "
                + "double, boolean or timestamptz. It is not read.")
            .formatted(field.name(), type));
  }
}
