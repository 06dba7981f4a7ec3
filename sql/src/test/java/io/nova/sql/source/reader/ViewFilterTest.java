package io.nova.sql.source.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.event.identity.FingerprintKey;
import io.nova.handoff.BatchNumbers;
import io.nova.iceberg.TableRules;
import io.nova.sql.IcebergWarehouse;
import io.nova.sql.filter.FilterTranslator;
import io.nova.sql.filter.InstantConstants;
import io.nova.sql.source.EventScan;
import io.nova.sql.source.ExpressionTrees;
import io.nova.sql.table.EventColumns;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.expressions.CallExpression;
import org.apache.flink.table.expressions.FieldReferenceExpression;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.expressions.ValueLiteralExpression;
import org.apache.flink.table.functions.BuiltInFunctionDefinitions;
import org.apache.flink.table.types.DataType;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.expressions.Evaluator;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.ExpressionParser;
import org.apache.iceberg.expressions.Expressions;
import org.junit.jupiter.api.Test;

/** Filters on their way from SQL to a live server, which reads them as JSON. */
class ViewFilterTest {
  private static final int LARGEST_REQUEST_CHARS = 1 << 20;

  private static ResolvedExpression in(String column, DataType type, Stream<?> values) {
    List<ResolvedExpression> operands = new ArrayList<>();
    operands.add(new FieldReferenceExpression(column, type, 0, 0));
    values.forEach(value -> operands.add(new ValueLiteralExpression(value)));
    return CallExpression.permanent(BuiltInFunctionDefinitions.IN, operands, DataTypes.BOOLEAN());
  }

  /** As Flink hands over a long list: a chain of comparisons. */
  private static ResolvedExpression chain(String column, DataType type, Stream<?> values) {
    ResolvedExpression field = new FieldReferenceExpression(column, type, 0, 0);
    return values
        .<ResolvedExpression>map(
            value ->
                CallExpression.permanent(
                    BuiltInFunctionDefinitions.EQUALS,
                    List.of(field, new ValueLiteralExpression(value)),
                    DataTypes.BOOLEAN()))
        .reduce(
            (one, other) ->
                CallExpression.permanent(
                    BuiltInFunctionDefinitions.OR, List.of(one, other), DataTypes.BOOLEAN()))
        .orElseThrow();
  }

  private static Expression translated(ResolvedExpression... filters) {
    return new FilterTranslator(
            new EventColumns(IcebergWarehouse.SCHEMA),
            new TableRules(1, Duration.ofMinutes(5), Duration.ofDays(1), FingerprintKey.draw()),
            new InstantConstants(ZoneId.of("UTC"), Clock.systemUTC()))
        .translateAll(List.of(filters));
  }

  /** What a server understands. */
  private static Expression received(Expression filter) {
    return received(scan(filter));
  }

  private static EventScan scan(Expression filter) {
    return new EventScan(
        PartitionSpec.builderFor(IcebergWarehouse.SCHEMA).identity("batch_number").build(),
        IcebergWarehouse.SCHEMA,
        filter,
        null,
        EventScan.NO_LIMIT);
  }

  private static Expression received(EventScan scan) {
    String json = ViewReading.filter(scan);
    assertThat(json.length()).isLessThan(LARGEST_REQUEST_CHARS);
    Expression read = ExpressionParser.fromJson(json, IcebergWarehouse.SCHEMA);
    assertThat(new Evaluator(IcebergWarehouse.SCHEMA.asStruct(), read, true)).isNotNull();
    return read;
  }

  @Test
  void listsOfAnyLengthTravel() {
    for (int count : List.of(1, 2, 200, 201, 1_000, 1_001, 20_000)) {
      DataType bigint = DataTypes.BIGINT();
      Expression list = translated(in("app", bigint, LongStream.range(0, count).boxed()));
      Expression chain = translated(chain("app", bigint, LongStream.range(0, count).boxed()));
      assertThat(received(list).toString()).as("%s values", count).contains("app");
      assertThat(received(chain).toString()).isEqualTo(received(list).toString());
      Stream<String> texts = IntStream.range(0, count).mapToObj(i -> "b-" + i);
      assertThat(received(translated(chain("insert_id", DataTypes.STRING(), texts))).toString())
          .contains("\"b-" + (count - 1) + "\"");
    }
  }

  @Test
  void aListThatIsTooLargeForARequestIsLeftOutAndTheRestIsNot() {
    Stream<String> large = IntStream.range(0, 600).mapToObj(i -> "x".repeat(2_000) + i);
    Expression received =
        received(
            translated(
                in("app", DataTypes.BIGINT(), Stream.of(7L)),
                in("insert_id", DataTypes.STRING(), large)));

    assertThat(received.toString()).contains("app").doesNotContain("insert_id");
  }

  /** The filter has more conjuncts than a request may have, all of them small. */
  @Test
  void completedBatchesAreLeftOutBesideAnyFilter() {
    Expression filter =
        ExpressionTrees.allOf(
            LongStream.range(0, 10_000).mapToObj(i -> different("app", i)).toList());

    assertThat(received(scan(filter).above(20_777)).toString())
        .contains("ref(name=\"batch_number\") > 20777")
        .doesNotContain("9999");
    assertThat(received(scan(filter).above(BatchNumbers.NONE)).toString())
        .doesNotContain("batch_number");
  }

  private static Expression different(String column, long value) {
    return Expressions.notEqual(column, value);
  }
}
