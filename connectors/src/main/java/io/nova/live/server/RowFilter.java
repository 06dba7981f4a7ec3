package io.nova.live.server;

import io.nova.event.row.EventSchema;
import io.nova.event.row.RowCursor;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.avro.AvroSchemaUtil;
import org.apache.iceberg.expressions.Binder;
import org.apache.iceberg.expressions.Evaluator;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.ExpressionParser;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * The filter of a request, evaluated over encoded rows by Iceberg's {@link Evaluator}. The
 * evaluator orders null before any value, unlike SQL, so a SQL reader filters the rows again.
 */
final class RowFilter {
  private static final Schema TABLE = AvroSchemaUtil.toIceberg(EventSchema.avro());

  private final Evaluator evaluator;
  private final int[] columns;
  private final boolean keepsAll;

  private RowFilter(Expression expression) {
    Set<Integer> ids = Binder.boundReferences(TABLE.asStruct(), List.of(expression), true);
    Types.StructType read = TypeUtil.select(TABLE, ids).asStruct();
    columns = read.fields().stream().mapToInt(f -> RowColumns.position(f.fieldId())).toArray();
    evaluator = new Evaluator(read, expression, true);
    keepsAll = expression == Expressions.alwaysTrue();
  }

  /**
   * Reads a filter in JSON.
   *
   * @throws IllegalArgumentException if it is no expression over the table's columns
   */
  static RowFilter of(String json) {
    try {
      return new RowFilter(ExpressionParser.fromJson(json, TABLE));
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "Filter %s: %s. Expected an expression over the table's columns, in Iceberg's JSON."
              .formatted(
                  json.length() > 200 ? json.substring(0, 200) + "..." : json, e.getMessage()),
          e);
    }
  }

  /** The filter that every row passes. */
  static RowFilter none() {
    return new RowFilter(Expressions.alwaysTrue());
  }

  /** Whether every row passes, so that no row need be read. */
  boolean keepsAll() {
    return keepsAll;
  }

  /** The position of the last column that the filter reads, -1 for none. */
  int lastColumn() {
    return columns.length == 0 ? -1 : columns[columns.length - 1];
  }

  /** Whether the row under the cursor passes. */
  boolean keeps(RowCursor row) {
    return keepsAll || evaluator.eval(new Read(row));
  }

  /** A row as Iceberg reads it: the columns of the expression in the order of their ids. */
  private final class Read implements StructLike {
    private final RowCursor row;

    private Read(RowCursor row) {
      this.row = row;
    }

    @Override
    public int size() {
      return columns.length;
    }

    @Override
    public <T> @Nullable T get(int position, Class<T> type) {
      return type.cast(row.value(columns[position]));
    }

    @Override
    public <T> void set(int position, T value) {
      throw new UnsupportedOperationException("Rows of a view are read only");
    }
  }
}
