package io.nova.sql.source.parquet;

import io.nova.sql.source.RowLayout;
import io.nova.sql.source.rows.Cell;
import io.nova.sql.source.rows.ConstantCell;
import io.nova.sql.source.rows.ValueKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReadStore;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/** The cells of a layout's columns in a Parquet file. Parquet's own column readers decode them. */
final class ParquetColumns {
  private final String createdBy;
  private final List<Cell> cells = new ArrayList<>();
  private final Map<Integer, ParquetCell> stored = new HashMap<>();
  private final Map<Integer, Type> fields = new HashMap<>();

  /**
   * The columns of a file. A column is found by its field id; it is null if the file lacks it.
   *
   * @param constants the layout's constants for the file
   * @throws IllegalStateException if a column is stored in a type that the table never writes, or a
   *     required column is missing
   */
  ParquetColumns(
      MessageType file, String createdBy, RowLayout layout, @Nullable Object[] constants) {
    this.createdBy = createdBy;
    for (int i = 0; i < layout.columns().size(); i++) {
      cells.add(
          layout.storedPositions().contains(i)
              ? cell(file, layout.columns().get(i), i)
              : new ConstantCell(constants[i]));
    }
  }

  private Cell cell(MessageType file, NestedField column, int position) {
    for (Type field : file.getFields()) {
      if (field.getId() != null && field.getId().intValue() == column.fieldId()) {
        ColumnDescriptor descriptor = file.getColumnDescription(new String[] {field.getName()});
        ParquetCell cell =
            new ParquetCell(ValueKind.of(column.type()), checked(descriptor, column));
        fields.put(position, field);
        stored.put(position, cell);
        return cell;
      }
    }
    if (column.isRequired()) {
      throw new IllegalStateException("column " + column.name() + " is missing");
    }
    return new ConstantCell(null);
  }

  private static ColumnDescriptor checked(ColumnDescriptor stored, NestedField column) {
    PrimitiveTypeName form = stored.getPrimitiveType().getPrimitiveTypeName();
    boolean asWritten =
        switch (column.type().typeId()) {
          case STRING -> form == PrimitiveTypeName.BINARY;
          case TIMESTAMP -> isMicros(stored);
          case INTEGER -> form == PrimitiveTypeName.INT32;
          case LONG -> form == PrimitiveTypeName.INT32 || form == PrimitiveTypeName.INT64;
          case DOUBLE -> form == PrimitiveTypeName.FLOAT || form == PrimitiveTypeName.DOUBLE;
          case BOOLEAN -> form == PrimitiveTypeName.BOOLEAN;
          default ->
              throw new IllegalStateException("column " + column + " has no type in Parquet");
        };
    if (!asWritten) {
      throw new IllegalStateException(
          "column " + stored + " is stored in a type that the table never writes");
    }
    return stored;
  }

  private static boolean isMicros(ColumnDescriptor stored) {
    return stored.getPrimitiveType().getLogicalTypeAnnotation()
            instanceof TimestampLogicalTypeAnnotation timestamp
        && timestamp.getUnit() == TimeUnit.MICROS;
  }

  /** The cells of all columns. */
  List<Cell> cells() {
    return cells;
  }

  /** The stored fields of columns with these positions, without those that the file lacks. */
  MessageType schema(List<Integer> positions) {
    return new MessageType(
        "row", positions.stream().filter(fields::containsKey).map(fields::get).toList());
  }

  /**
   * Opens columns at their first row in the pages.
   *
   * @return the cells to advance for each row
   */
  ParquetCell[] open(PageReadStore pages, List<Integer> positions) {
    List<ParquetCell> opened =
        positions.stream().filter(stored::containsKey).map(stored::get).toList();
    ColumnReadStore columns =
        new ColumnReadStoreImpl(pages, new Cells(opened), schema(positions), createdBy);
    opened.forEach(cell -> cell.open(columns));
    return opened.toArray(ParquetCell[]::new);
  }

  /** Parquet's view of the cells, in the order of the schema. */
  private static final class Cells extends GroupConverter {
    private final List<ParquetCell> cells;

    private Cells(List<ParquetCell> cells) {
      this.cells = cells;
    }

    @Override
    public Converter getConverter(int field) {
      return cells.get(field);
    }

    @Override
    public void start() {}

    @Override
    public void end() {}
  }
}
