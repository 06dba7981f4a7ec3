package io.nova.console.ask.cut;

import io.nova.console.ask.cut.AskCut.Size;
import io.nova.console.ask.cut.LoadedRows.Part;
import io.nova.console.ask.cut.RowStore.RowTable;
import io.nova.event.row.EventSchema;
import io.nova.handoff.BatchNumbers;
import io.nova.iceberg.EventTable;
import io.nova.live.client.LiveClient;
import io.nova.live.cut.Cut;
import java.io.Closeable;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;

/**
 * Loads what a cut has beside its chunks, makes its view {@code events}, and removes both. Used by
 * one thread.
 */
final class CutLoader implements Closeable {
  private final EventTable table;
  private final AskColumns columns;
  private final RowStore store;
  private final FileCache cache;
  private final LiveClient client;
  private LoadedRows loaded = LoadedRows.NONE;
  private @Nullable Planned planned;
  private int cuts;

  /** The files of the last snapshot that was planned. */
  private record Planned(long snapshotId, long completed, SnapshotFiles files) {}

  CutLoader(
      EventTable table, AskColumns columns, RowStore store, FileCache cache, LiveClient client) {
    this.table = table;
    this.columns = columns;
    this.store = store;
    this.cache = cache;
    this.client = client;
  }

  /**
   * Loads a cut. If that fails, no cut reads its rows.
   *
   * @param others the cuts that are loaded; they keep their rows
   * @throws IOException if a file or a live server does not answer
   */
  AskCut load(Cut cut, Collection<AskCut> others) throws IOException, SQLException {
    SnapshotFiles files = planned(cut);
    HeldFiles chunks = HeldFiles.hold(cache, table.iceberg().io(), files.of(FileFormat.PARQUET));
    boolean complete = false;
    try (RowLoad load = store.begin()) {
      List<DataFile> blockFiles = files.of(FileFormat.AVRO);
      RowLoader rows =
          new RowLoader(load, columns, table.rules(), table.iceberg().io(), client, cut, loaded);
      LoadedRows now = rows.load(blockFiles);
      Set<String> paths = paths(cut, blockFiles);
      Map<Integer, String> sources = sources(cut, paths, now);
      load.compact(used(now, others));
      AskCut made = make(cut, load, chunks, sources, paths);
      load.commit();
      loaded = now;
      complete = true;
      return made;
    } finally {
      if (!complete) {
        cache.release(chunks.keys());
      }
    }
  }

  private SnapshotFiles planned(Cut cut) {
    if (cut.snapshotId().isEmpty()) {
      return SnapshotFiles.NONE;
    }
    long snapshotId = cut.snapshotId().get();
    if (table.iceberg().snapshot(snapshotId) == null) {
      EventTable unused = table.refresh();
    }
    Planned last = planned;
    if (last == null || last.snapshotId() != snapshotId || last.completed() != cut.completed()) {
      Expression batches =
          cut.completed() == BatchNumbers.NONE
              ? Expressions.alwaysTrue()
              : Expressions.greaterThan(EventSchema.BATCH_NUMBER, cut.completed());
      last =
          new Planned(
              snapshotId, cut.completed(), SnapshotFiles.of(table.iceberg(), snapshotId, batches));
      planned = last;
    }
    return last.files();
  }

  /** The block files of the cut. */
  private static Set<String> paths(Cut cut, List<DataFile> blockFiles) {
    Set<String> paths = new HashSet<>();
    cut.sealed().stream()
        .filter(file -> file.batchNumber() > cut.completed())
        .forEach(file -> paths.add(file.path()));
    blockFiles.forEach(file -> paths.add(file.location()));
    return paths;
  }

  /** By part of the cut, the place of its rows in the words of Flink SQL. */
  private static Map<Integer, String> sources(Cut cut, Set<String> paths, LoadedRows now) {
    Map<Integer, String> sources = new HashMap<>();
    for (String path : paths) {
      for (Part part : now.files().getOrDefault(path, List.of())) {
        sources.put(part.id(), path);
      }
    }
    for (Cut.View view : cut.views()) {
      String source = "live/%s/%d".formatted(view.subtask().generation(), view.subtask().subtask());
      view.pinned()
          .open()
          .forEach(
              block -> {
                LoadedRows.OpenPart open =
                    now.open()
                        .get(
                            new LoadedRows.OpenKey(
                                view.pinned().generation(), block.shard(), block.interval()));
                if (open != null) {
                  sources.put(open.part().id(), source);
                }
              });
    }
    return sources;
  }

  /** The parts that later cuts or running questions need. */
  private static Set<Integer> used(LoadedRows now, Collection<AskCut> cuts) {
    Set<Integer> used = now.parts();
    cuts.forEach(cut -> used.addAll(cut.parts()));
    return used;
  }

  private AskCut make(
      Cut cut, RowLoad load, HeldFiles chunks, Map<Integer, String> sources, Set<String> blockFiles)
      throws SQLException {
    List<RowTable> tables = load.tablesOf(sources.keySet());
    long rows = tables.stream().mapToLong(one -> one.rows(sources.keySet())).sum();
    AskCut made =
        new AskCut(
            ++cuts,
            cut,
            chunks.size().plus(new Size(rows, 0)),
            sources.keySet(),
            blockFiles,
            tables.stream().map(RowTable::number).collect(Collectors.toSet()),
            chunks.keys());
    EventViews views = new EventViews(columns, cut.token().text());
    List<String> selects = events(views, chunks, tables, sources, load.number());
    store.execute("CREATE VIEW %s AS %s".formatted(made.view("events"), views.all(selects)));
    return made;
  }

  private List<String> events(
      EventViews views,
      HeldFiles chunks,
      List<RowTable> tables,
      Map<Integer, String> sources,
      int load) {
    ArrayList<String> selects = new ArrayList<>();
    if (!chunks.files().isEmpty()) {
      Map<String, NestedField> fields =
          columns.stored().stream().collect(Collectors.toMap(NestedField::name, field -> field));
      selects.add(views.parquet(chunks.parquet(), fields, Map.of()));
    }
    tables.forEach(rows -> selects.add(views.rows(rows, sources, load)));
    return selects;
  }

  /** Removes the views and files of a cut. If that fails, its files are held. */
  void remove(AskCut cut) throws SQLException {
    store.execute("DROP VIEW IF EXISTS " + cut.view("lambda_events"));
    store.execute("DROP VIEW IF EXISTS " + cut.view("events"));
    cache.release(cut.held());
    AskCut.Lambda made = cut.lambda;
    if (made != null) {
      cache.release(made.held());
    }
  }

  /** Removes the rows that none of the cuts has. */
  void removeRowsExceptOf(Collection<AskCut> cuts) throws SQLException {
    Set<Integer> tables = new HashSet<>();
    Set<String> files = new HashSet<>();
    cuts.forEach(cut -> tables.addAll(cut.tables()));
    cuts.forEach(cut -> files.addAll(cut.files()));
    loaded = loaded.retaining(files);
    store.dropUnused(used(loaded, cuts), tables);
  }

  /** Closes the connection to DuckDB. */
  @Override
  public void close() {
    store.close();
  }

  /** The next live cut loads its open blocks anew. */
  void forgetOpenBlocks() {
    loaded = new LoadedRows(Map.of(), loaded.files());
  }
}
