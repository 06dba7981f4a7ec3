package io.nova.sql.source.rows;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nova.sql.source.ExactFilter;
import io.nova.sql.source.RowLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.table.data.binary.BinaryStringData;
import org.apache.iceberg.expressions.Binder;
import org.apache.iceberg.expressions.BoundReference;
import org.apache.iceberg.expressions.ExpressionVisitors;
import org.apache.iceberg.expressions.ExpressionVisitors.BoundExpressionVisitor;
import org.apache.iceberg.expressions.Literal;

/** Compiles the exact filter of a scan to a test of cells. */
public final class RowTests extends BoundExpressionVisitor<RowTest> {
  private final Map<Integer, Cell> cells = new HashMap<>();

  private RowTests(RowLayout layout, List<Cell> cells) {
    for (int i = 0; i < cells.size(); i++) {
      this.cells.put(layout.columns().get(i).fieldId(), cells.get(i));
    }
  }

  /**
   * The test of a filter.
   *
   * @param cells the cells of the layout's columns
   */
  public static RowTest of(ExactFilter filter, RowLayout layout, List<Cell> cells) {
    return filter.isNone()
        ? () -> true
        : ExpressionVisitors.visit(
            Binder.bind(filter.columns().asStruct(), filter.expression(), true),
            new RowTests(layout, cells));
  }

  private Cell cell(BoundReference<?> column) {
    Cell cell = cells.get(column.fieldId());
    if (cell == null) {
      throw new IllegalStateException("Column " + column.name() + " is not read");
    }
    return cell;
  }

  @Override
  public RowTest alwaysTrue() {
    return () -> true;
  }

  @Override
  public RowTest alwaysFalse() {
    return () -> false;
  }

  @Override
  public RowTest and(RowTest left, RowTest right) {
    return () -> left.passes() && right.passes();
  }

  @Override
  public RowTest or(RowTest left, RowTest right) {
    return () -> left.passes() || right.passes();
  }

  @Override
  public <T> RowTest isNull(BoundReference<T> column) {
    Cell cell = cell(column);
    return cell::isNull;
  }

  @Override
  public <T> RowTest notNull(BoundReference<T> column) {
    Cell cell = cell(column);
    return () -> !cell.isNull();
  }

  @Override
  public <T> RowTest lt(BoundReference<T> column, Literal<T> literal) {
    Cell cell = cell(column);
    long limit = ValueKind.number(literal.value());
    return () -> !cell.isNull() && cell.number() < limit;
  }

  @Override
  public <T> RowTest ltEq(BoundReference<T> column, Literal<T> literal) {
    Cell cell = cell(column);
    long limit = ValueKind.number(literal.value());
    return () -> !cell.isNull() && cell.number() <= limit;
  }

  @Override
  public <T> RowTest gt(BoundReference<T> column, Literal<T> literal) {
    Cell cell = cell(column);
    long limit = ValueKind.number(literal.value());
    return () -> !cell.isNull() && cell.number() > limit;
  }

  @Override
  public <T> RowTest gtEq(BoundReference<T> column, Literal<T> literal) {
    Cell cell = cell(column);
    long limit = ValueKind.number(literal.value());
    return () -> !cell.isNull() && cell.number() >= limit;
  }

  @Override
  public <T> RowTest eq(BoundReference<T> column, Literal<T> literal) {
    return isOneOf(column, Set.of(literal.value()), true);
  }

  @Override
  public <T> RowTest notEq(BoundReference<T> column, Literal<T> literal) {
    return isOneOf(column, Set.of(literal.value()), false);
  }

  @Override
  public <T> RowTest in(BoundReference<T> column, Set<T> values) {
    return isOneOf(column, values, true);
  }

  private RowTest isOneOf(BoundReference<?> column, Set<?> values, boolean wanted) {
    Cell cell = cell(column);
    if (ValueKind.of(column.type()) == ValueKind.TEXT) {
      return new TextTest(cell, texts(values), wanted);
    }
    if (values.size() == 1) {
      long value = ValueKind.number(values.iterator().next());
      return () -> !cell.isNull() && (cell.number() == value) == wanted;
    }
    Set<Long> numbers = values.stream().map(ValueKind::number).collect(Collectors.toSet());
    return () -> !cell.isNull() && numbers.contains(cell.number()) == wanted;
  }

  private static Set<BinaryStringData> texts(Set<?> values) {
    return values.stream()
        .map(value -> BinaryStringData.fromBytes(value.toString().getBytes(UTF_8)))
        .collect(Collectors.toSet());
  }
}
