package io.nova.judge;

import static org.apache.iceberg.types.Types.NestedField.optional;
import static org.apache.iceberg.types.Types.NestedField.required;

import io.nova.fixtures.Events;
import io.nova.judge.record.ExportKey;
import io.nova.judge.record.ExportKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.data.GenericFileWriterFactory;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.InternalRecordWrapper;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.encryption.EncryptedFiles;
import org.apache.iceberg.encryption.EncryptedOutputFile;
import org.apache.iceberg.hadoop.HadoopTables;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;

/** The job's table or the batch layer's in a folder, written with Iceberg's generic writer. */
final class TestTable {
  private static final List<String> PLACE =
      List.of("shard", "kafka_topic", "kafka_partition", "kafka_offset", "kafka_index");

  final String warehouse;
  private final Table table;
  private long nextOffset;

  /** The job's table. */
  TestTable(Path folder) {
    this(folder, "events", schema());
  }

  /** The batch layer's table, without shards and Kafka positions. */
  static TestTable ofBatchLayer(Path folder) {
    ArrayList<NestedField> fields = new ArrayList<>(schema().columns());
    fields.removeIf(field -> PLACE.contains(field.name()));
    return new TestTable(folder, "batch_events", new Schema(fields));
  }

  private TestTable(Path folder, String name, Schema schema) {
    warehouse = folder.toString();
    table =
        new HadoopTables(new Configuration())
            .create(
                schema,
                PartitionSpec.builderFor(schema).identity("batch_number").build(),
                Map.of(TableProperties.FORMAT_VERSION, "2"),
                warehouse + "/nova/" + name);
  }

  /** The correct row of an event, with the next free offset. */
  Record row(Events event) {
    GenericRecord row = GenericRecord.create(table.schema());
    OffsetDateTime upload = time(event.text("server_upload_time"));
    row.setField("batch_number", upload.toLocalDate().toEpochDay());
    if (table.schema().findField("shard") != null) {
      row.setField("shard", 7);
      row.setField("kafka_topic", "events");
      row.setField("kafka_partition", 0);
      row.setField("kafka_offset", nextOffset++);
      row.setField("kafka_index", 0);
    }
    row.setField("user", event.text("amplitude_id"));
    for (ExportKey key : ExportKeys.ALL) {
      if (event.has(key.name())) {
        row.setField(key.column(), value(key, event));
      }
    }
    return row;
  }

  void append(FileFormat format, List<Record> rows) {
    AppendFiles append = table.newAppend();
    for (Record row : rows) {
      PartitionKey partition = new PartitionKey(table.spec(), table.schema());
      partition.partition(new InternalRecordWrapper(table.schema().asStruct()).wrap(row));
      append.appendFile(dataFile(format, List.of(row), partition));
    }
    append.commit();
  }

  /** Appends rows of one batch as one file. */
  void appendFile(FileFormat format, List<Record> rows) {
    PartitionKey partition = new PartitionKey(table.spec(), table.schema());
    partition.partition(new InternalRecordWrapper(table.schema().asStruct()).wrap(rows.get(0)));
    table.newAppend().appendFile(dataFile(format, rows, partition)).commit();
  }

  Record emptyRow() {
    return GenericRecord.create(table.schema());
  }

  private org.apache.iceberg.DataFile dataFile(
      FileFormat format, List<Record> rows, PartitionKey partition) {
    String path = table.location() + "/data/" + java.util.UUID.randomUUID() + "." + format;
    EncryptedOutputFile file =
        EncryptedFiles.plainAsEncryptedOutput(table.io().newOutputFile(path));
    DataWriter<Record> writer =
        new GenericFileWriterFactory.Builder(table)
            .dataFileFormat(format)
            .dataSchema(table.schema())
            .build()
            .newDataWriter(file, table.spec(), partition);
    try (writer) {
      writer.write(rows);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return writer.toDataFile();
  }

  private static Object value(ExportKey key, Events event) {
    return switch (key.fit()) {
      case TEXT -> event.text(key.name());
      case INTEGER -> Long.valueOf(event.text(key.name()));
      case DOUBLE -> Double.valueOf(event.text(key.name()));
      case BOOLEAN -> Boolean.valueOf(event.text(key.name()));
      case TIME -> time(event.text(key.name()));
      case JSON -> event.value(key.name());
    };
  }

  private static OffsetDateTime time(String text) {
    return LocalDateTime.parse(text.replace(' ', 'T')).atOffset(ZoneOffset.UTC);
  }

  private static Schema schema() {
    ArrayList<NestedField> fields = new ArrayList<>();
    fields.add(required(1, "batch_number", Types.LongType.get()));
    fields.add(required(2, "shard", Types.IntegerType.get()));
    fields.add(required(3, "kafka_topic", Types.StringType.get()));
    fields.add(required(4, "kafka_partition", Types.IntegerType.get()));
    fields.add(required(5, "kafka_offset", Types.LongType.get()));
    fields.add(required(6, "kafka_index", Types.IntegerType.get()));
    fields.add(optional(7, "user", Types.StringType.get()));
    for (ExportKey key : ExportKeys.ALL) {
      fields.add(optional(8 + key.place(), key.column(), type(key)));
    }
    fields.add(optional(63, "extra", Types.StringType.get()));
    return new Schema(fields);
  }

  private static Type type(ExportKey key) {
    return switch (key.fit()) {
      case TEXT, JSON -> Types.StringType.get();
      case INTEGER -> Types.LongType.get();
      case DOUBLE -> Types.DoubleType.get();
      case BOOLEAN -> Types.BooleanType.get();
      case TIME -> Types.TimestampType.withZone();
    };
  }
}
