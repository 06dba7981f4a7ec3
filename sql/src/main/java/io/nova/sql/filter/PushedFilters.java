package io.nova.sql.filter;

import io.nova.sql.source.ExactFilter;
import java.util.List;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.iceberg.expressions.Expression;

/**
 * The filters of a query, as the scan applies them.
 *
 * @param pruning true for every row of the query and perhaps for others
 * @param exact the filters that the scan applies to each row
 * @param remaining the filters that Flink must apply to each row
 */
public record PushedFilters(
    Expression pruning, ExactFilter exact, List<ResolvedExpression> remaining) {}
