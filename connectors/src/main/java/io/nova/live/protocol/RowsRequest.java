package io.nova.live.protocol;

import io.nova.event.row.EventSchema;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.avro.AvroSchemaUtil;
import org.apache.iceberg.expressions.Binder;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.ExpressionParser;

/**
 * Asks for rows of the open blocks of a pinned view. JSON on the wire.
 *
 * <p>The answer is an Avro data file, zstd, whose schema has these columns in this order, with
 * Iceberg's field ids; rows come in the same order each time as long as the lease lasts.
 *
 * @param lease from {@link PinnedView#lease()}
 * @param shards whose rows
 * @param columns field ids of the table's columns; none for rows without fields, as a count needs
 *     them
 * @param filter an expression over the table's columns, as Iceberg's {@code ExpressionParser}
 *     writes it; rows that it rules out stay away
 * @param limit how many rows suffice
 */
public record RowsRequest(
    String lease, List<Integer> shards, List<Integer> columns, String filter, long limit) {
  private static final Schema TABLE = AvroSchemaUtil.toIceberg(EventSchema.avro());

  public RowsRequest {
    shards = List.copyOf(shards);
    columns = List.copyOf(columns);
    if (limit < 0) {
      throw new IllegalArgumentException("Limit " + limit + ": expected 0 or more");
    }
  }

  /** Asks for the rows that an expression over the table's columns, by name, does not rule out. */
  public static RowsRequest of(
      String lease, List<Integer> shards, List<Integer> columns, Expression filter, long limit) {
    return new RowsRequest(lease, shards, columns, toJson(filter), limit);
  }

  /** Binds the expression first: an unbound time would be written as a number. */
  private static String toJson(Expression filter) {
    return ExpressionParser.toJson(Binder.bind(TABLE.asStruct(), filter, true));
  }
}
