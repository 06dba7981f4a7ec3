package io.nova.cli.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.nova.cli.sql.RowPrinter;
import io.nova.cli.sql.SqlGateway;
import io.nova.cli.sql.SqlSession;
import io.nova.judge.EventRow;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All rows of {@code lambda_events}, as one query answered them.
 *
 * @param rows the events
 * @param layers the number of rows by batch and layer
 */
record LambdaAnswer(List<EventRow> rows, Map<Long, Map<Layer, Long>> layers) {
  private static final int BATCH = EventRow.COLUMNS.size();
  private static final int SOURCE = BATCH + 1;
  private static final String QUERY =
      "SELECT %s, batch_number, source_file FROM lambda_events"
          .formatted(
              EventRow.COLUMNS.stream()
                  .map(column -> "`" + column + "`")
                  .collect(Collectors.joining(", ")));

  /** Asks while the job runs: memory, table and batch layer in one cut. */
  static LambdaAnswer live(SqlGateway gateway) {
    return of(gateway, QUERY);
  }

  /** Asks after the job has ended: table and batch layer. */
  static LambdaAnswer committed(SqlGateway gateway) {
    return of(gateway, QUERY + " /*+ OPTIONS('read' = 'committed') */");
  }

  private static LambdaAnswer of(SqlGateway gateway, String query) {
    Reading reading = new Reading();
    try (SqlSession session = gateway.open()) {
      session.execute(query, reading);
    }
    return new LambdaAnswer(reading.rows, reading.layers);
  }

  private static final class Reading implements RowPrinter {
    private final List<EventRow> rows = new ArrayList<>();
    private final Map<Long, Map<Layer, Long>> layers = new TreeMap<>();

    @Override
    public void row(JsonNode fields) {
      rows.add(EventRow.of(column -> text(fields.path(EventRow.COLUMNS.indexOf(column)))));
      layers
          .computeIfAbsent(fields.path(BATCH).asLong(), batch -> new EnumMap<>(Layer.class))
          .merge(Layer.of(fields.path(SOURCE).asText()), 1L, Long::sum);
    }

    private static @Nullable String text(JsonNode value) {
      return value.isNull() || value.isMissingNode() ? null : value.asText();
    }
  }
}
