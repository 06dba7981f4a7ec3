package io.nova.live.protocol;

import io.nova.event.row.EventSchema;
import io.nova.event.row.RowCursor;
import io.nova.live.server.RowColumns;
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
 * Tells which rows an expression keeps, by Iceberg's own {@link Evaluator}. There a null is less
 * than any value; who wants SQL's answer filters what it keeps once more.
 */
public final class RowFilter {
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
   * Reads a filter.
   *
   * @throws IllegalArgumentException where it is no expression over the table's columns
   */
  public static RowFilter of(String json) {
    try {
      return new RowFilter(ExpressionParser.fromJson(json, TABLE));
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          ("Filter %s: %s. Expected an expression over the table's columns, as Iceberg "
                  + "writes it.")
              .formatted(
                  json.length() > 200 ? json.substring(0, 200) + "..." : json, e.getMessage()),
          e);
    }
  }

  /** Writes a filter. It is bound first: a time would be written as a number, and not be read. */
  static String toJson(Expression expression) {
    return ExpressionParser.toJson(Binder.bind(TABLE.asStruct(), expression, true));
  }

  public boolean keepsAll() {
    return keepsAll;
  }

  /** The last column that it reads, -1 for none. */
  public int lastColumn() {
    return columns.length == 0 ? -1 : columns[columns.length - 1];
  }

  /** Asks of the row that a cursor has come to. */
  public boolean keeps(RowCursor row) {
    return keepsAll || evaluator.eval(new Read(row));
  }

  /** A row as Iceberg asks for it: the columns that the expression names, by their ids. */
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
      throw new UnsupportedOperationException("Rule: rows of a view are read only");
    }
  }
}
