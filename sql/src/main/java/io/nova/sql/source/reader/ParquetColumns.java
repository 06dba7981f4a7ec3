package io.nova.sql.source.reader;

import io.nova.sql.source.Instants;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.iceberg.Schema;
import org.apache.iceberg.parquet.ParquetValueReader;
import org.apache.iceberg.parquet.ParquetValueReaders;
import org.apache.iceberg.parquet.ParquetValueReaders.PrimitiveReader;
import org.apache.iceberg.parquet.ParquetValueReaders.UnboxedReader;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * Readers of flat Parquet columns that return Flink's internal values directly. Iceberg's generic
 * readers would first create a String for every text and an OffsetDateTime for every instant.
 */
final class ParquetColumns {
  private ParquetColumns() {}

  /**
   * A reader for each wanted column. A column is found by its field id; it is null if the file
   * lacks it.
   *
   * @throws IllegalStateException if a column is stored in a type that the table never writes, or a
   *     required column is missing
   */
  static List<ParquetValueReader<?>> readers(MessageType stored, Schema wanted) {
    ArrayList<ParquetValueReader<?>> readers = new ArrayList<>();
    for (NestedField column : wanted.columns()) {
      readers.add(reader(stored, column));
    }
    return readers;
  }

  private static ParquetValueReader<?> reader(MessageType stored, NestedField column) {
    for (Type field : stored.getFields()) {
      if (field.getId() != null && field.getId().intValue() == column.fieldId()) {
        return reader(stored, field, column);
      }
    }
    if (column.isRequired()) {
      throw new IllegalStateException("column " + column.name() + " is missing");
    }
    return ParquetValueReaders.nulls();
  }

  private static ParquetValueReader<?> reader(MessageType stored, Type field, NestedField column) {
    String[] path = {field.getName()};
    int level = stored.getMaxDefinitionLevel(path) - 1;
    return ParquetValueReaders.option(
        field, level, values(stored.getColumnDescription(path), column));
  }

  private static ParquetValueReader<?> values(ColumnDescriptor stored, NestedField column) {
    PrimitiveTypeName form = stored.getPrimitiveType().getPrimitiveTypeName();
    return switch (column.type().typeId()) {
      case STRING -> new StringReader(require(stored, form == PrimitiveTypeName.BINARY));
      case TIMESTAMP -> new InstantReader(require(stored, isMicros(stored)));
      case INTEGER -> new UnboxedReader<>(require(stored, form == PrimitiveTypeName.INT32));
      case LONG ->
          form == PrimitiveTypeName.INT32
              ? ParquetValueReaders.intsAsLongs(stored)
              : new UnboxedReader<>(require(stored, form == PrimitiveTypeName.INT64));
      case DOUBLE ->
          form == PrimitiveTypeName.FLOAT
              ? ParquetValueReaders.floatsAsDoubles(stored)
              : new UnboxedReader<>(require(stored, form == PrimitiveTypeName.DOUBLE));
      case BOOLEAN -> new UnboxedReader<>(require(stored, form == PrimitiveTypeName.BOOLEAN));
      default -> throw new IllegalStateException("column " + column + " has no type in Parquet");
    };
  }

  private static boolean isMicros(ColumnDescriptor stored) {
    return stored.getPrimitiveType().getLogicalTypeAnnotation()
            instanceof TimestampLogicalTypeAnnotation timestamp
        && timestamp.getUnit() == TimeUnit.MICROS;
  }

  private static ColumnDescriptor require(ColumnDescriptor stored, boolean asWritten) {
    if (!asWritten) {
      throw new IllegalStateException(
          "column " + stored + " is stored in a type that the table never writes");
    }
    return stored;
  }

  /** Texts. The last one is cached, since a dictionary returns the same Binary for equal texts. */
  private static final class StringReader extends PrimitiveReader<StringData> {
    private @Nullable Binary lastBinary;
    private StringData last = StringData.fromBytes(new byte[0]);

    StringReader(ColumnDescriptor stored) {
      super(stored);
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // a cheap check; comparing bytes costs more
    public StringData read(StringData reuse) {
      Binary binary = column.nextBinary();
      if (binary != lastBinary) {
        last = StringData.fromBytes(binary.getBytes());
        lastBinary = binary.isBackingBytesReused() ? null : binary;
      }
      return last;
    }
  }

  /** Instants stored as microseconds since 1970. */
  private static final class InstantReader extends PrimitiveReader<TimestampData> {
    InstantReader(ColumnDescriptor stored) {
      super(stored);
    }

    @Override
    public TimestampData read(TimestampData reuse) {
      return Instants.ofMicros(column.nextLong());
    }
  }
}
