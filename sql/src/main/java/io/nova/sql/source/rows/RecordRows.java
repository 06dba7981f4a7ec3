package io.nova.sql.source.rows;

import io.nova.sql.source.ExactFilter;
import io.nova.sql.source.RowLayout;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.util.Utf8;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.binary.BinaryStringData;
import org.jspecify.annotations.Nullable;

/** The rows of Avro records, whose fields are a layout's stored columns. */
public final class RecordRows implements ReadRows {
  private final Records records;
  private final Closeable source;
  private final List<Cell> cells = new ArrayList<>();
  private final RowTest test;
  private @Nullable IndexedRecord record;

  /** A sequence of records. */
  @FunctionalInterface
  public interface Records {
    /** The next record, which may be the same object again; null after the last. */
    @Nullable IndexedRecord next() throws IOException;
  }

  /**
   * The rows of a part.
   *
   * @param source is closed with the rows
   * @param constants the layout's constants for the part
   */
  public RecordRows(
      Records records,
      Closeable source,
      RowLayout layout,
      @Nullable Object[] constants,
      ExactFilter filter) {
    this.records = records;
    this.source = source;
    for (int i = 0; i < layout.columns().size(); i++) {
      int field = layout.storedPositions().indexOf(i);
      cells.add(
          field < 0
              ? new ConstantCell(constants[i])
              : new RecordCell(field, ValueKind.of(layout.columns().get(i).type())));
    }
    this.test = RowTests.of(filter, layout, cells);
  }

  @Override
  public long advance() throws IOException {
    do {
      record = records.next();
      if (record == null) {
        return 0;
      }
    } while (!test.passes());
    return 1;
  }

  @Override
  public List<Cell> cells() {
    return cells;
  }

  @Override
  public void close() throws IOException {
    source.close();
  }

  /** A field of the current record. */
  private final class RecordCell implements Cell {
    private final int field;
    private final ValueKind kind;

    private RecordCell(int field, ValueKind kind) {
      this.field = field;
      this.kind = kind;
    }

    private @Nullable Object stored() {
      return record == null ? null : record.get(field);
    }

    private Object present() {
      Object stored = stored();
      if (stored == null) {
        throw new IllegalStateException("A null has no value");
      }
      return stored;
    }

    @Override
    public boolean isNull() {
      return stored() == null;
    }

    @Override
    public long number() {
      return ValueKind.number(present());
    }

    @Override
    public BinaryStringData text() {
      Utf8 text = (Utf8) present();
      return BinaryStringData.fromBytes(text.getBytes(), 0, text.getByteLength());
    }

    /** Texts are copied, since readers reuse records. */
    @Override
    public @Nullable Object value() {
      Object stored = stored();
      if (stored instanceof Utf8 text) {
        return StringData.fromBytes(Arrays.copyOf(text.getBytes(), text.getByteLength()));
      }
      return stored == null ? null : kind.boxed(ValueKind.number(stored));
    }

    @Override
    public int code() {
      return -1;
    }

    @Override
    public int codes() {
      return 0;
    }

    @Override
    public @Nullable Object dictionary() {
      return null;
    }
  }
}
