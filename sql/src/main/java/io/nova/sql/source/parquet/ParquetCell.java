package io.nova.sql.source.parquet;

import io.nova.sql.source.rows.Cell;
import io.nova.sql.source.rows.ValueKind;
import java.nio.ByteBuffer;
import org.apache.flink.table.data.binary.BinaryStringData;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReadStore;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.jspecify.annotations.Nullable;

/**
 * A flat column of a Parquet file. Parquet's column reader hands over an index into the dictionary
 * or the value itself. No value is copied: a text refers to the bytes of its page, which nothing
 * overwrites. The values of a dictionary are made once.
 */
final class ParquetCell extends PrimitiveConverter implements Cell {
  private static final BinaryStringData NO_TEXT = BinaryStringData.fromBytes(new byte[0]);

  private final ValueKind kind;
  private final ColumnDescriptor stored;
  private @Nullable ColumnReader column;

  private @Nullable Dictionary dictionary;
  private int codes;
  private long[] numbers = {};
  private @Nullable Object[] values = {};

  private boolean isNull = true;
  private int code = -1;
  private long number;
  private BinaryStringData text = NO_TEXT;

  /** A column of a file. */
  ParquetCell(ValueKind kind, ColumnDescriptor stored) {
    this.kind = kind;
    this.stored = stored;
  }

  /** Reads the column from its first row in a row group. The pages' dictionary is set here. */
  void open(ColumnReadStore pages) {
    dictionary = null;
    codes = 0;
    column = pages.getColumnReader(stored);
  }

  /** Moves to the next row. */
  void advance() {
    ColumnReader reader = column;
    if (reader == null) {
      throw new IllegalStateException("The column is not open");
    }
    isNull = reader.getCurrentDefinitionLevel() < stored.getMaxDefinitionLevel();
    if (!isNull) {
      reader.writeCurrentValueToConverter();
    }
    reader.consume();
  }

  @Override
  public boolean hasDictionarySupport() {
    return true;
  }

  @Override
  public void setDictionary(Dictionary found) {
    dictionary = found;
    codes = found.getMaxId() + 1;
    values = new Object[codes];
    numbers = new long[kind == ValueKind.TEXT ? 0 : codes];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = number(found, i);
    }
  }

  private long number(Dictionary found, int index) {
    return switch (stored.getPrimitiveType().getPrimitiveTypeName()) {
      case INT32 -> found.decodeToInt(index);
      case FLOAT -> Double.doubleToRawLongBits(found.decodeToFloat(index));
      case DOUBLE -> Double.doubleToRawLongBits(found.decodeToDouble(index));
      default -> found.decodeToLong(index);
    };
  }

  private Object value(int index) {
    Object value = values[index];
    if (value == null) {
      value =
          kind == ValueKind.TEXT
              ? text(required().decodeToBinary(index))
              : kind.boxed(numbers[index]);
      values[index] = value;
    }
    return value;
  }

  private Dictionary required() {
    if (dictionary == null) {
      throw new IllegalStateException("A column chunk without a dictionary has an index into it");
    }
    return dictionary;
  }

  @Override
  public boolean isNull() {
    return isNull;
  }

  @Override
  public long number() {
    return code < 0 ? number : numbers[code];
  }

  @Override
  public BinaryStringData text() {
    return code < 0 ? text : (BinaryStringData) value(code);
  }

  @Override
  public @Nullable Object value() {
    if (isNull) {
      return null;
    }
    if (code >= 0) {
      return value(code);
    }
    return kind == ValueKind.TEXT ? text : kind.boxed(number);
  }

  @Override
  public int code() {
    return isNull ? codes : code;
  }

  @Override
  public int codes() {
    return codes;
  }

  @Override
  public @Nullable Object dictionary() {
    return dictionary;
  }

  @Override
  public void addValueFromDictionary(int index) {
    code = index;
  }

  @Override
  public void addBinary(Binary value) {
    code = -1;
    text = text(value);
  }

  private static BinaryStringData text(Binary value) {
    ByteBuffer bytes = value.isBackingBytesReused() ? null : value.toByteBuffer();
    return bytes == null || !bytes.hasArray()
        ? BinaryStringData.fromBytes(value.getBytes())
        : BinaryStringData.fromBytes(
            bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
  }

  @Override
  public void addBoolean(boolean value) {
    addLong(value ? 1 : 0);
  }

  @Override
  public void addInt(int value) {
    addLong(value);
  }

  @Override
  public void addLong(long value) {
    code = -1;
    number = value;
  }

  @Override
  public void addFloat(float value) {
    addDouble(value);
  }

  @Override
  public void addDouble(double value) {
    addLong(Double.doubleToRawLongBits(value));
  }
}
