package io.nova.console.view;

import io.nova.cli.run.JobOptions;
import io.nova.console.ask.AskEngine;
import io.nova.console.view.LayersPicture.BatchSpan;
import io.nova.console.view.LayersPicture.BlockGroup;
import io.nova.console.view.LayersPicture.ChunkBar;
import io.nova.console.view.LayersPicture.Marks;
import io.nova.console.view.LayersPicture.Rules;
import io.nova.console.view.LayersPicture.Savepoint;
import io.nova.iceberg.TableRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Collects where the events are: open and sealed blocks, block files, chunks and batches, and what
 * could be restored. Each source may fail alone. For one thread at a time.
 */
public final class LayersView {
  private static final String BLOCKS =
      """
      SELECT batch_number, epoch_us(interval_start) AS start, state, COUNT(*) AS blocks,
        SUM(row_count) AS row_count, SUM(size_bytes) AS size_bytes
      FROM blocks WHERE NOT completed
      GROUP BY batch_number, interval_start, state ORDER BY start, state
      """;

  private static final String CHUNKS =
      """
      SELECT file, batch_number, row_count, size_bytes,
        epoch_us(min_upload_time) AS least, epoch_us(max_upload_time) AS greatest
      FROM chunks WHERE NOT completed ORDER BY least, file
      """;

  private static final String BATCHES =
      """
      SELECT batch, batch_number, epoch_us(from_time) AS begins, epoch_us(to_time) AS ends, state,
        row_count, file_count, size_bytes
      FROM batches ORDER BY batch_number
      """;

  private static final String PROGRESS =
      """
      SELECT MIN(upload) AS slowest, MAX(upload) AS fastest FROM (
        SELECT epoch_us(MAX(newest_upload_time)) AS upload FROM freshness
        WHERE kafka_partition IS NOT NULL GROUP BY kafka_partition)
      """;

  private final WatchedStore store;
  private final AskEngine engine;
  private final InstantSource clock;
  private @Nullable Known known;

  /** The rules of a table never change, but a new run has another table. */
  private record Known(WatchedStore.Identity store, TableRules rules) {}

  /** A view of this store. */
  public LayersView(WatchedStore store, AskEngine engine, InstantSource clock) {
    this.store = store;
    this.engine = engine;
    this.clock = clock;
  }

  /** The layers at this moment. */
  public LayersPicture collect() {
    ArrayList<Source> sources = new ArrayList<>();
    ViewQuestions questions = new ViewQuestions(engine);
    List<BatchSpan> batches = asked(questions, "batches", BATCHES, sources, LayersView::batch);
    Optional<Rules> rules = Source.ask("table", sources, this::rules);
    Marks marks = marks(questions, batches, sources);
    List<BlockGroup> blocks = asked(questions, "blocks", BLOCKS, sources, LayersView::block);
    List<ChunkBar> chunks = asked(questions, "chunks", CHUNKS, sources, LayersView::chunk);
    questions.addTo(sources);
    return new LayersPicture(
        clock.instant().toEpochMilli(),
        sources,
        rules.orElse(null),
        marks,
        blocks,
        chunks,
        batches,
        Source.ask("savepoints", sources, this::savepoints).orElse(List.of()));
  }

  private interface Form<T> {
    T of(Map<String, @Nullable Object> row);
  }

  private static <T> List<T> asked(
      ViewQuestions questions, String name, String sql, List<Source> sources, Form<T> form) {
    return Source.ask(name, sources, () -> questions.ask(sql).rows())
        .map(rows -> rows.stream().map(form::of).toList())
        .orElse(List.of());
  }

  private Rules rules() {
    WatchedStore.Identity now = store.identity();
    Known table = known;
    if (table == null || !table.store().equals(now)) {
      table = new Known(now, store.table().rules());
      known = table;
    }
    return new Rules(
        micros(table.rules().blockInterval()),
        micros(table.rules().batchLength()),
        table.rules().shards());
  }

  private static long micros(Duration time) {
    return TimeUnit.MILLISECONDS.toMicros(time.toMillis());
  }

  private Marks marks(ViewQuestions questions, List<BatchSpan> batches, List<Source> sources) {
    Optional<Map<String, @Nullable Object>> progress =
        Source.ask("progress", sources, () -> questions.ask(PROGRESS).rows())
            .flatMap(rows -> rows.stream().findFirst());
    @Nullable Long slowest =
        progress.map(row -> AskedRows.numberOrNull(row, "slowest")).orElse(null);
    @Nullable Long fastest =
        progress.map(row -> AskedRows.numberOrNull(row, "fastest")).orElse(null);
    JobOptions job = store.jobOptions();
    return new Marks(
        slowest,
        fastest,
        fastest == null ? null : (Long) (fastest - micros(job.dedupWindow())),
        slowest == null ? null : (Long) (slowest - micros(job.latenessLimit())),
        batches.stream()
            .filter(one -> List.of("completed", "removed").contains(one.state()))
            .map(BatchSpan::toMicros)
            .max(Long::compare)
            .orElse(null));
  }

  private static BlockGroup block(Map<String, @Nullable Object> row) {
    return new BlockGroup(
        AskedRows.number(row, "batch_number"),
        AskedRows.number(row, "start"),
        String.valueOf(row.get("state")),
        AskedRows.number(row, "blocks"),
        AskedRows.number(row, "row_count"),
        AskedRows.number(row, "size_bytes"));
  }

  private static ChunkBar chunk(Map<String, @Nullable Object> row) {
    String file = String.valueOf(row.get("file"));
    return new ChunkBar(
        file.substring(file.lastIndexOf('/') + 1),
        AskedRows.number(row, "batch_number"),
        AskedRows.number(row, "row_count"),
        AskedRows.number(row, "size_bytes"),
        AskedRows.number(row, "least"),
        AskedRows.number(row, "greatest"));
  }

  private static BatchSpan batch(Map<String, @Nullable Object> row) {
    return new BatchSpan(
        String.valueOf(row.get("batch")),
        AskedRows.number(row, "batch_number"),
        AskedRows.number(row, "begins"),
        AskedRows.number(row, "ends"),
        String.valueOf(row.get("state")),
        AskedRows.numberOrNull(row, "row_count"),
        AskedRows.numberOrNull(row, "file_count"),
        AskedRows.numberOrNull(row, "size_bytes"));
  }

  private List<Savepoint> savepoints() throws IOException {
    if (!Files.isDirectory(store.folder().dir())) {
      return List.of();
    }
    ArrayList<Savepoint> savepoints = new ArrayList<>();
    for (Path path : store.folder().completeSavepoints()) {
      boolean asked = path.startsWith(store.folder().savepoints());
      savepoints.add(
          new Savepoint(
              String.valueOf(path.getFileName()),
              asked ? "savepoint" : "checkpoint",
              Files.getLastModifiedTime(path.resolve("_metadata")).toMillis()));
    }
    savepoints.sort(Comparator.comparingLong(Savepoint::atMillis).reversed());
    return savepoints;
  }
}
