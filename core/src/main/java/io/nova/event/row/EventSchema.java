package io.nova.event.row;

import io.nova.event.row.Column.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * The schema of an event's row: its place in Kafka, its user, the 55 keys of Amplitude's export
 * record, the keys without a column, the fingerprint of a row at the end of its batch, and a mark
 * ({@link RowMark}).
 *
 * <p>The Avro schema has Iceberg's field ids, so that block files, chunks and the table agree.
 * Field ids and positions are part of the formats (docs/reference/formats.md). They never change;
 * new ones may be added.
 */
public final class EventSchema {
  public static final String BATCH_NUMBER = "batch_number";
  public static final String SHARD = "shard";
  public static final String KAFKA_TOPIC = "kafka_topic";
  public static final String KAFKA_PARTITION = "kafka_partition";
  public static final String KAFKA_OFFSET = "kafka_offset";

  /** The place of the event in its message, from 0; 0 in a message of one event. */
  public static final String KAFKA_INDEX = "kafka_index";

  /** The columns of a row's place, in the table's order. A batch layer need not keep them. */
  public static final List<String> PLACE =
      List.of(SHARD, KAFKA_TOPIC, KAFKA_PARTITION, KAFKA_OFFSET, KAFKA_INDEX);

  /** The columns of a row's batch and place. SQL has them after the columns of the event. */
  public static final List<String> BATCH_AND_PLACE =
      List.of(BATCH_NUMBER, SHARD, KAFKA_TOPIC, KAFKA_PARTITION, KAFKA_OFFSET, KAFKA_INDEX);

  public static final String EXTRA = "extra";

  /** The fingerprint of a row at the end of its batch ({@link BatchTail}); else null. */
  public static final String FINGERPRINT = "fingerprint";

  public static final String CONFLICTING = "conflicting";

  private static final int FIRST_EXPORT_FIELD_ID = 8;
  private static final String USER = "user";
  private static final String FIELD_ID = "field-id";

  /** The 55 export keys in the order of their column names. */
  private static final List<Column> COLUMNS = exportColumns();

  /**
   * The schema, made at its first use. Avro leaves a thread-local value in each thread that makes a
   * schema, which keeps the classes of the job in memory. A JobManager only deserializes the job,
   * and its threads outlive the job.
   */
  private static final class Avro {
    static final Schema ROW = avroSchema();
  }

  private EventSchema() {}

  /** The columns of the export record, in the order of the row. */
  public static List<Column> columns() {
    return COLUMNS;
  }

  /** The position of an export column among {@link #columns()}. */
  public static int indexOf(Column column) {
    return column.fieldId() - FIRST_EXPORT_FIELD_ID;
  }

  /** The position, among {@link #columns()}, of the column with this name. */
  public static int indexOf(String name) {
    return IntStream.range(0, COLUMNS.size())
        .filter(i -> COLUMNS.get(i).name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("No export column is named " + name));
  }

  /**
   * The position of a column in the whole row, from 0.
   *
   * @throws NullPointerException if no column has that name
   */
  public static int position(String name) {
    return avro().getField(name).pos();
  }

  /** The whole row as an Avro record with Iceberg field ids. */
  public static Schema avro() {
    return Avro.ROW;
  }

  private static List<Column> exportColumns() {
    Map<Kind, String> keys =
        Map.of(
            Kind.STRING,
            "$insert_id $insert_key adid amplitude_attribution_ids amplitude_event_type city"
                + " country data_type device_brand device_carrier device_family device_id"
                + " device_manufacturer device_model device_type dma event_type idfa ip_address"
                + " language library os_name os_version partner_id platform region source_id"
                + " start_version user_id uuid version_name",
            Kind.INTEGER,
            "$schema app event_id amplitude_id session_id",
            Kind.DOUBLE,
            "location_lat location_lng",
            Kind.BOOLEAN,
            "paying is_attribution_event",
            Kind.TIME,
            "client_event_time client_upload_time event_time processed_time server_received_time"
                + " server_upload_time user_creation_time",
            Kind.JSON,
            "event_properties user_properties group_properties groups plan data"
                + " global_user_properties sample_rate");
    record Key(String key, Kind kind) {
      String name() {
        return key.startsWith("$") ? key.substring(1) : key;
      }
    }
    List<Key> sorted =
        keys.entrySet().stream()
            .flatMap(e -> Stream.of(e.getValue().split(" ")).map(key -> new Key(key, e.getKey())))
            .sorted(Comparator.comparing(Key::name))
            .toList();
    return IntStream.range(0, sorted.size())
        .mapToObj(
            i ->
                new Column(
                    FIRST_EXPORT_FIELD_ID + i,
                    sorted.get(i).name(),
                    sorted.get(i).key(),
                    sorted.get(i).kind()))
        .toList();
  }

  private static Schema avroSchema() {
    List<Schema.Field> fields = new ArrayList<>();
    fields.add(required(1, BATCH_NUMBER, Schema.Type.LONG));
    fields.add(required(2, SHARD, Schema.Type.INT));
    fields.add(required(3, KAFKA_TOPIC, Schema.Type.STRING));
    fields.add(required(4, KAFKA_PARTITION, Schema.Type.INT));
    fields.add(required(5, KAFKA_OFFSET, Schema.Type.LONG));
    fields.add(required(6, KAFKA_INDEX, Schema.Type.INT));
    fields.add(optional(7, USER, Schema.create(Schema.Type.STRING)));
    COLUMNS.forEach(c -> fields.add(optional(c.fieldId(), c.name(), avroType(c.kind()))));
    int next = FIRST_EXPORT_FIELD_ID + COLUMNS.size();
    fields.add(optional(next, EXTRA, Schema.create(Schema.Type.STRING)));
    fields.add(optional(next + 1, FINGERPRINT, Schema.create(Schema.Type.STRING)));
    fields.add(optional(next + 2, CONFLICTING, Schema.create(Schema.Type.BOOLEAN)));
    return Schema.createRecord("event", null, "io.nova", false, fields);
  }

  private static Schema avroType(Kind kind) {
    return switch (kind) {
      case STRING, JSON -> Schema.create(Schema.Type.STRING);
      case INTEGER -> Schema.create(Schema.Type.LONG);
      case DOUBLE -> Schema.create(Schema.Type.DOUBLE);
      case BOOLEAN -> Schema.create(Schema.Type.BOOLEAN);
      case TIME -> {
        Schema micros = Schema.create(Schema.Type.LONG);
        micros.addProp("adjust-to-utc", true);
        yield LogicalTypes.timestampMicros().addToSchema(micros);
      }
    };
  }

  private static Schema.Field required(int id, String name, Schema.Type type) {
    Schema.Field field = new Schema.Field(name, Schema.create(type));
    field.addProp(FIELD_ID, id);
    return field;
  }

  private static Schema.Field optional(int id, String name, Schema type) {
    Schema.Field field =
        new Schema.Field(
            name,
            Schema.createUnion(Schema.create(Schema.Type.NULL), type),
            null,
            Schema.Field.NULL_DEFAULT_VALUE);
    field.addProp(FIELD_ID, id);
    return field;
  }
}
