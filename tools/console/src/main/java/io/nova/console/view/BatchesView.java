package io.nova.console.view;

import io.nova.console.ask.AskEngine;
import io.nova.iceberg.EventTable;
import io.nova.kafka.batches.client.BatchLine;
import io.nova.kafka.batches.client.TableBatches;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Collects the batches: what the table says of closed ones, and the counts of all. Each source may
 * fail alone. For one thread at a time.
 */
public final class BatchesView {
  private static final String COUNTS =
      "SELECT batch, batch_number, state, row_count, file_count, size_bytes FROM batches";

  private final WatchedStore store;
  private final AskEngine engine;
  private final boolean changes;

  /**
   * A view of this store.
   *
   * @param changes whether the console may change batches
   */
  public BatchesView(WatchedStore store, AskEngine engine, boolean changes) {
    this.store = store;
    this.engine = engine;
    this.changes = changes;
  }

  /**
   * The batches at one moment.
   *
   * @param changes whether the console may change them
   */
  public record Picture(boolean changes, List<Source> sources, List<Line> batches) {}

  /** A batch; null where nobody knows. */
  public record Line(
      String name,
      long batch,
      String state,
      @Nullable Long rows,
      @Nullable Long files,
      @Nullable Long bytes,
      @Nullable String link,
      @Nullable String digest,
      @Nullable String closedAt,
      @Nullable String closedBy,
      @Nullable String completedAt,
      @Nullable String completedBy,
      boolean forced,
      @Nullable String withdrawnAt,
      @Nullable String removedAt) {}

  /** The batches at this moment. */
  public Picture collect() {
    ArrayList<Source> sources = new ArrayList<>();
    TreeMap<Long, Line> lines = new TreeMap<>();
    ViewQuestions questions = new ViewQuestions(engine);
    Source.ask("batches", sources, () -> questions.ask(COUNTS).rows())
        .orElse(List.of())
        .forEach(row -> lines.put(AskedRows.number(row, "batch_number"), counted(row)));
    for (BatchLine line : Source.ask("table", sources, this::closed).orElse(List.of())) {
      lines.put(line.batch(), line(line, lines.get(line.batch())));
    }
    questions.addTo(sources);
    return new Picture(changes, sources, List.copyOf(lines.descendingMap().values()));
  }

  private List<BatchLine> closed() {
    EventTable table = store.table();
    return BatchLine.of(TableBatches.of(table.iceberg()), table.rules().batchLength());
  }

  private static Line counted(Map<String, @Nullable Object> row) {
    return new Line(
        String.valueOf(row.get("batch")),
        AskedRows.number(row, "batch_number"),
        String.valueOf(row.get("state")),
        AskedRows.numberOrNull(row, "row_count"),
        AskedRows.numberOrNull(row, "file_count"),
        AskedRows.numberOrNull(row, "size_bytes"),
        null,
        null,
        null,
        null,
        null,
        null,
        false,
        null,
        null);
  }

  private static Line line(BatchLine batch, @Nullable Line counted) {
    Long rows = counted == null || counted.rows() == null ? batch.rows() : counted.rows();
    return new Line(
        batch.name(),
        batch.batch(),
        batch.state().title(),
        rows,
        counted == null ? null : counted.files(),
        counted == null ? null : counted.bytes(),
        batch.link(),
        batch.digest(),
        text(batch.closedAt()),
        batch.closedBy(),
        text(batch.completedAt()),
        batch.completedBy(),
        batch.forced(),
        text(batch.withdrawnAt()),
        text(batch.removedAt()));
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }
}
