package io.nova.sql.source.parquet;

import io.nova.sql.source.rows.ValueKind;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.Schema;
import org.apache.iceberg.expressions.Binder;
import org.apache.iceberg.expressions.BoundReference;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expression.Operation;
import org.apache.iceberg.expressions.ExpressionVisitors;
import org.apache.iceberg.expressions.ExpressionVisitors.BoundExpressionVisitor;
import org.apache.iceberg.expressions.Literal;
import org.apache.parquet.filter2.predicate.FilterApi;
import org.apache.parquet.filter2.predicate.FilterPredicate;
import org.apache.parquet.filter2.predicate.Operators.Column;
import org.apache.parquet.filter2.predicate.Operators.SupportsLtGt;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * Translates a filter to one that Parquet compares with the bounds of pages. It is true for at
 * least the same rows. A part without a counterpart is null, which excludes no page. Filters have
 * no NOT, which would turn that around. Iceberg's own translation is not public.
 */
final class PageFilter extends BoundExpressionVisitor<@Nullable FilterPredicate> {
  private final MessageType columns;

  private PageFilter(MessageType columns) {
    this.columns = columns;
  }

  /**
   * The filter over columns of a file; null if it excludes no page.
   *
   * @param table the schema that names in the filter refer to
   */
  static @Nullable FilterPredicate of(Expression filter, Schema table, MessageType columns) {
    return ExpressionVisitors.visit(
        Binder.bind(table.asStruct(), filter, true), new PageFilter(columns));
  }

  @Override
  public @Nullable FilterPredicate alwaysTrue() {
    return null;
  }

  @Override
  public @Nullable FilterPredicate alwaysFalse() {
    return null;
  }

  @Override
  public @Nullable FilterPredicate and(
      @Nullable FilterPredicate left, @Nullable FilterPredicate right) {
    if (left == null) {
      return right;
    }
    return right == null ? left : FilterApi.and(left, right);
  }

  @Override
  public @Nullable FilterPredicate or(
      @Nullable FilterPredicate left, @Nullable FilterPredicate right) {
    return left == null || right == null ? null : FilterApi.or(left, right);
  }

  @Override
  public <T> @Nullable FilterPredicate isNull(BoundReference<T> column) {
    return null;
  }

  @Override
  public <T> @Nullable FilterPredicate notNull(BoundReference<T> column) {
    return null;
  }

  @Override
  public <T> @Nullable FilterPredicate lt(BoundReference<T> column, Literal<T> literal) {
    return compared(Operation.LT, column, literal);
  }

  @Override
  public <T> @Nullable FilterPredicate ltEq(BoundReference<T> column, Literal<T> literal) {
    return compared(Operation.LT_EQ, column, literal);
  }

  @Override
  public <T> @Nullable FilterPredicate gt(BoundReference<T> column, Literal<T> literal) {
    return compared(Operation.GT, column, literal);
  }

  @Override
  public <T> @Nullable FilterPredicate gtEq(BoundReference<T> column, Literal<T> literal) {
    return compared(Operation.GT_EQ, column, literal);
  }

  @Override
  public <T> @Nullable FilterPredicate eq(BoundReference<T> column, Literal<T> literal) {
    return in(column, Set.of(literal.value()));
  }

  @Override
  public <T> @Nullable FilterPredicate notEq(BoundReference<T> column, Literal<T> literal) {
    return null;
  }

  @Override
  public <T> @Nullable FilterPredicate in(BoundReference<T> column, Set<T> values) {
    PrimitiveType field = field(column);
    if (field == null) {
      return null;
    }
    if (field.getPrimitiveTypeName() == PrimitiveTypeName.BINARY) {
      Set<Binary> texts =
          values.stream()
              .map(text -> Binary.fromString(text.toString()))
              .collect(Collectors.toSet());
      return FilterApi.in(FilterApi.binaryColumn(field.getName()), texts);
    }
    if (field.getPrimitiveTypeName() == PrimitiveTypeName.INT64) {
      Set<Long> numbers = values.stream().map(ValueKind::number).collect(Collectors.toSet());
      return FilterApi.in(FilterApi.longColumn(field.getName()), numbers);
    }
    return null;
  }

  private <T> @Nullable FilterPredicate compared(
      Operation comparison, BoundReference<T> column, Literal<T> literal) {
    PrimitiveType field = field(column);
    return field != null && field.getPrimitiveTypeName() == PrimitiveTypeName.INT64
        ? compared(
            comparison, FilterApi.longColumn(field.getName()), ValueKind.number(literal.value()))
        : null;
  }

  private static <C extends Column<Long> & SupportsLtGt> FilterPredicate compared(
      Operation comparison, C column, Long limit) {
    return switch (comparison) {
      case LT -> FilterApi.lt(column, limit);
      case LT_EQ -> FilterApi.ltEq(column, limit);
      case GT -> FilterApi.gt(column, limit);
      default -> FilterApi.gtEq(column, limit);
    };
  }

  private @Nullable PrimitiveType field(BoundReference<?> column) {
    for (Type field : columns.getFields()) {
      if (field.getId() != null && field.getId().intValue() == column.fieldId()) {
        return field.asPrimitiveType();
      }
    }
    return null;
  }
}
