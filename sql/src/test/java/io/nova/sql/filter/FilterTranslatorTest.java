package io.nova.sql.filter;

import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.AND;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.BETWEEN;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.CURRENT_TIMESTAMP;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.EQUALS;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.GREATER_THAN;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.IN;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.IS_NULL;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.LESS_THAN;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.LIKE;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.MINUS;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.OR;
import static org.assertj.core.api.Assertions.assertThat;

import io.nova.event.identity.FingerprintKey;
import io.nova.iceberg.TableRules;
import io.nova.sql.IcebergWarehouse;
import io.nova.sql.table.EventColumns;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.expressions.CallExpression;
import org.apache.flink.table.expressions.FieldReferenceExpression;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.expressions.ValueLiteralExpression;
import org.apache.flink.table.functions.BuiltInFunctionDefinition;
import org.apache.flink.table.types.DataType;
import org.apache.iceberg.expressions.ExpressionParser;
import org.junit.jupiter.api.Test;

class FilterTranslatorTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

  private final FilterTranslator translator = inZone("UTC");

  private static FilterTranslator inZone(String zone) {
    return with(new InstantConstants(ZoneId.of(zone), Clock.fixed(NOW, ZoneOffset.UTC)));
  }

  private static FilterTranslator with(InstantConstants constants) {
    return new FilterTranslator(
        new EventColumns(IcebergWarehouse.SCHEMA),
        new TableRules(1, Duration.ofMinutes(5), Duration.ofDays(1), FingerprintKey.draw()),
        constants);
  }

  @Test
  void comparisonsBecomePredicates() {
    assertThat(translated(call(EQUALS, string("event_type"), literal("Search"))))
        .isEqualTo("ref(name=\"event_type\") == \"Search\"");
    assertThat(translated(call(GREATER_THAN, literal(5), bigint("app"))))
        .isEqualTo("ref(name=\"app\") < 5");
    assertThat(translated(call(IS_NULL, string("user")))).isEqualTo("is_null(ref(name=\"user\"))");
    assertThat(translated(call(EQUALS, bigint("$metadata$kafka_offset"), literal(7L))))
        .isEqualTo("ref(name=\"kafka_offset\") == 7");
  }

  @Test
  void timesAreInMicrosecondsAlsoBefore1970() {
    ValueLiteralExpression literal = literal(Instant.parse("1969-12-31T23:59:59.999999Z"));
    assertThat(translated(call(LESS_THAN, instant("event_time"), literal)))
        .isEqualTo("ref(name=\"event_time\") < -1");
    assertThat(translated(call(BETWEEN, instant("event_time"), literal, literal)))
        .isEqualTo("(ref(name=\"event_time\") >= -1 and ref(name=\"event_time\") <= -1)");
  }

  @Test
  void nanosecondsAreRoundedOutwards() {
    ValueLiteralExpression literal = literal(Instant.parse("1970-01-01T00:00:00.000001500Z"));
    assertThat(translated(call(LESS_THAN, instant("event_time"), literal)))
        .isEqualTo("ref(name=\"event_time\") < 2");
    assertThat(translated(call(GREATER_THAN, instant("event_time"), literal)))
        .isEqualTo("ref(name=\"event_time\") > 1");
    assertThat(translated(call(EQUALS, instant("event_time"), literal)))
        .isEqualTo("(ref(name=\"event_time\") >= 1 and ref(name=\"event_time\") <= 2)");
  }

  @Test
  void uploadTimeAlsoNarrowsTheBatch() {
    ValueLiteralExpression midnight = literal(Instant.parse("2026-11-20T00:00:00Z"));
    assertThat(translated(call(LESS_THAN, instant("server_upload_time"), midnight)))
        .isEqualTo(
            "(ref(name=\"server_upload_time\") < 1795132800000000 and"
                + " ref(name=\"batch_number\") <= 20776)");
    assertThat(translated(call(GREATER_THAN, instant("server_upload_time"), midnight)))
        .isEqualTo(
            "(ref(name=\"server_upload_time\") > 1795132800000000 and"
                + " ref(name=\"batch_number\") >= 20777)");
  }

  @Test
  void localTimeThatAClockShowsTwiceIsWidened() {
    ValueLiteralExpression halfPastOne =
        new ValueLiteralExpression(
            LocalDateTime.parse("2026-11-01T01:30:00"), DataTypes.TIMESTAMP(6).notNull());
    FilterTranslator newYork = inZone("America/New_York");
    assertThat(newYork.translateAll(List.of(call(EQUALS, instant("event_time"), halfPastOne))))
        .hasToString(
            "(ref(name=\"event_time\") >= "
                + micros("2026-11-01T05:30:00Z")
                + " and ref(name=\"event_time\") <= "
                + micros("2026-11-01T06:30:00Z")
                + ")");
  }

  @Test
  void nowBoundsOnlyFromBelow() {
    CallExpression hourAgo =
        call(
            MINUS,
            call(CURRENT_TIMESTAMP),
            new ValueLiteralExpression(
                Duration.ofHours(1), DataTypes.INTERVAL(DataTypes.SECOND(3)).notNull()));
    assertThat(translated(call(GREATER_THAN, instant("event_time"), hourAgo)))
        .isEqualTo("ref(name=\"event_time\") > " + micros("2026-11-20T10:59:00Z"));
    assertThat(translated(call(LESS_THAN, instant("event_time"), hourAgo))).isEqualTo("true");
    FilterTranslator ofFollow = with(new InstantConstants(ZoneId.of("UTC"), null));
    assertThat(ofFollow.translateAll(List.of(call(GREATER_THAN, instant("event_time"), hourAgo))))
        .hasToString("true");
  }

  @Test
  void conjunctsWithoutCounterpartAreLeftOutAndDisjunctsSpoilTheWhole() {
    CallExpression search = call(EQUALS, string("event_type"), literal("Search"));
    CallExpression like = call(LIKE, string("event_type"), literal("S%"));
    assertThat(translated(call(AND, search, like)))
        .isEqualTo("ref(name=\"event_type\") == \"Search\"");
    assertThat(translated(call(OR, search, like))).isEqualTo("true");
    assertThat(translated(call(IN, string("user"), literal("a"), literal("b"))))
        .isEqualTo("(ref(name=\"user\") == \"a\" or ref(name=\"user\") == \"b\")");
  }

  @Test
  void longListsBecomeSetsAndNothingNestsDeeply() {
    ResolvedExpression[] operands = new ResolvedExpression[20_001];
    operands[0] = bigint("app");
    ResolvedExpression chain = call(EQUALS, bigint("app"), literal(0L));
    ResolvedExpression times = call(EQUALS, instant("event_time"), literal(NOW));
    for (int i = 1; i < operands.length; i++) {
      operands[i] = literal((long) i);
      chain = call(OR, chain, call(EQUALS, bigint("app"), literal((long) i)));
      times = call(OR, times, call(EQUALS, instant("event_time"), literal(NOW.plusSeconds(i))));
    }
    assertThat(translated(call(IN, operands)))
        .startsWith("((ref(name=\"app\") in (1, 2, 3,")
        .endsWith("and ref(name=\"app\") <= 20000)");
    assertThat(translated(chain)).startsWith("((ref(name=\"app\") in (0, 1, 2,");
    assertThat(translated(call(AND, chain, chain))).contains(" and ");
    assertThat(ExpressionParser.toJson(translator.translateAll(List.of(times)))).contains("or");
  }

  @Test
  void whatFlinkAndIcebergCompareDifferentlyIsLeftToFlink() {
    assertThat(translated(call(LESS_THAN, string("event_type"), literal("S")))).isEqualTo("true");
    FieldReferenceExpression latitude =
        new FieldReferenceExpression("location_lat", DataTypes.DOUBLE(), 0, 0);
    assertThat(translated(call(EQUALS, latitude, literal(0.0)))).isEqualTo("true");
    assertThat(translated(call(EQUALS, string("source_file"), literal("x")))).isEqualTo("true");
  }

  private String translated(ResolvedExpression filter) {
    return translator.translateAll(List.of(filter)).toString();
  }

  private static long micros(String instant) {
    return Instant.parse(instant).toEpochMilli() * 1000;
  }

  private static CallExpression call(
      BuiltInFunctionDefinition function, ResolvedExpression... operands) {
    return CallExpression.permanent(function, List.of(operands), DataTypes.BOOLEAN());
  }

  private static FieldReferenceExpression string(String name) {
    return field(name, DataTypes.STRING());
  }

  private static FieldReferenceExpression bigint(String name) {
    return field(name, DataTypes.BIGINT());
  }

  private static FieldReferenceExpression instant(String name) {
    return field(name, DataTypes.TIMESTAMP_LTZ(6));
  }

  private static FieldReferenceExpression field(String name, DataType type) {
    return new FieldReferenceExpression(name, type, 0, 0);
  }

  private static ValueLiteralExpression literal(Object value) {
    return value instanceof Instant instant
        ? new ValueLiteralExpression(instant, DataTypes.TIMESTAMP_LTZ(9).notNull())
        : new ValueLiteralExpression(value);
  }
}
