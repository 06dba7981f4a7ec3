package io.nova.sql.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.sql.IcebergWarehouse;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.expressions.Evaluator;
import org.apache.iceberg.expressions.Expression.Operation;
import org.apache.iceberg.expressions.Expressions;
import org.junit.jupiter.api.Test;

class BatchLengthTest {
  private static final Schema COLUMNS =
      IcebergWarehouse.SCHEMA.select("batch_number", "session_id");

  @Test
  void everyRowThatComparesSoIsOfAnImpliedBatch() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      long length = 1 + random.nextLong(3);
      long upload = random.nextLong(-9_000, 9_000);
      long bound = random.nextLong(-9_000, 9_000);
      for (Operation comparison :
          List.of(Operation.LT, Operation.LT_EQ, Operation.GT, Operation.GT_EQ)) {
        assertImplied(length, upload, comparison, bound);
      }
    }
  }

  /** Upload times in microseconds, lengths in milliseconds: small ones meet many boundaries. */
  private static void assertImplied(long length, long upload, Operation comparison, long bound) {
    GenericRecord row = GenericRecord.create(COLUMNS);
    row.setField("batch_number", Math.floorDiv(upload, length * 1000));
    row.setField("session_id", upload);
    if (holds(row, Expressions.predicate(comparison, "session_id", bound))) {
      assertThat(holds(row, new BatchLength(length).implied(comparison, bound)))
          .as("%s %s %s, length %s", upload, comparison, bound, length)
          .isTrue();
    }
  }

  private static boolean holds(
      GenericRecord row, org.apache.iceberg.expressions.Expression expression) {
    return new Evaluator(COLUMNS.asStruct(), expression).eval(row);
  }

  @Test
  void nothingIsImpliedWhenTheTableDoesNotSayTheLength() {
    assertThat(BatchLength.of(Map.of()).implied(Operation.LT, 5))
        .isEqualTo(Expressions.alwaysTrue());
    assertThat(BatchLength.of(Map.of("nova.batch.length-ms", "3600000")).millis())
        .isEqualTo(3_600_000);
  }
}
