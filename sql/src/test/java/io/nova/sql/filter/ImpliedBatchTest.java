package io.nova.sql.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.event.identity.FingerprintKey;
import io.nova.iceberg.TableRules;
import io.nova.sql.IcebergWarehouse;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.expressions.Evaluator;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expression.Operation;
import org.apache.iceberg.expressions.Expressions;
import org.junit.jupiter.api.Test;

class ImpliedBatchTest {
  private static final Schema COLUMNS =
      IcebergWarehouse.SCHEMA.select("batch_number", "session_id");

  @Test
  void everyRowThatPassesTheComparisonIsOfAnImpliedBatch() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      TableRules rules = rules(1 + random.nextLong(3));
      long upload = random.nextLong(-9_000, 9_000);
      long bound = random.nextLong(-9_000, 9_000);
      for (Operation comparison :
          List.of(Operation.LT, Operation.LT_EQ, Operation.GT, Operation.GT_EQ)) {
        assertImplied(rules, upload, comparison, bound);
      }
    }
  }

  /** Batches of a few milliseconds, so that small upload times meet many boundaries. */
  private static TableRules rules(long batchMillis) {
    return new TableRules(
        1, Duration.ofMillis(1), Duration.ofMillis(batchMillis), FingerprintKey.draw());
  }

  private static void assertImplied(
      TableRules rules, long upload, Operation comparison, long bound) {
    GenericRecord row = GenericRecord.create(COLUMNS);
    row.setField("batch_number", rules.batchOf(upload));
    row.setField("session_id", upload);
    if (passes(row, Expressions.predicate(comparison, "session_id", bound))) {
      assertThat(passes(row, new ImpliedBatch(rules).of(comparison, bound)))
          .as("%s %s %s, batches of %s", upload, comparison, bound, rules.batchLength())
          .isTrue();
    }
  }

  private static boolean passes(GenericRecord row, Expression expression) {
    return new Evaluator(COLUMNS.asStruct(), expression).eval(row);
  }
}
