package io.nova.live.protocol;

import io.nova.event.row.EventSchema;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.avro.AvroSchemaUtil;
import org.apache.iceberg.expressions.Binder;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.ExpressionParser;

/**
 * A request for rows of the open blocks of a pinned view. JSON on the wire.
 *
 * <p>The answer is an Avro data file with zstd. Its schema has the columns in the order of the
 * request, with Iceberg's field ids. While the lease lasts, rows come in the same order each time.
 *
 * @param lease the lease of {@link PinnedView#lease()}
 * @param shards numbers of the shards to read
 * @param columns field ids of the table's columns; empty for rows without fields, to count them
 * @param filter an expression over the table's columns in the JSON of Iceberg's {@code
 *     ExpressionParser}. The server omits the rows that do not match
 * @param limit greatest number of rows, 0 or more
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

  /** A request with an expression that names the table's columns. */
  public static RowsRequest of(
      String lease, List<Integer> shards, List<Integer> columns, Expression filter, long limit) {
    return new RowsRequest(lease, shards, columns, toJson(filter), limit);
  }

  /** Binds the expression first: an unbound time would be written as a number. */
  private static String toJson(Expression filter) {
    return ExpressionParser.toJson(Binder.bind(TABLE.asStruct(), filter, true));
  }
}
