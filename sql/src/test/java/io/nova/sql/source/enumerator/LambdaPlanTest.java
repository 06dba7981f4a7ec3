package io.nova.sql.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.live.cut.Completeness;
import io.nova.live.cut.Cut;
import io.nova.live.cut.LiveAccess;
import io.nova.live.cut.LiveViews;
import io.nova.live.protocol.Announcement;
import io.nova.sql.IcebergWarehouse;
import io.nova.sql.TestBatchLayer;
import io.nova.sql.TestEvents;
import io.nova.sql.TestJob;
import io.nova.sql.source.EventScan;
import io.nova.sql.source.LambdaPart;
import io.nova.sql.source.Warehouse;
import io.nova.sql.source.split.FileRange;
import io.nova.sql.source.split.FileRange.Layer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files that a scan of {@code lambda_events} reads, in both tables. */
class LambdaPlanTest {
  private static final long DAY_1 = 20_777;
  private static final long DAY_2 = 20_778;
  private static int jobs;

  @TempDir private Path folder;
  private final TestEvents events = new TestEvents(1);

  private static EventScan scan(Table table) {
    return new EventScan(
        table.spec(), table.schema(), Expressions.alwaysTrue(), null, EventScan.NO_LIMIT);
  }

  private static LambdaPart part(@Nullable TestBatchLayer batches) {
    return new LambdaPart(batches == null ? null : scan(batches.table()));
  }

  private QueryPlan plan(String job, @Nullable LambdaPart lambda) {
    Table table = new Warehouse(folder.toString()).table().iceberg();
    return new QueryPlan(
        new Warehouse(folder.toString()),
        scan(table),
        lambda,
        Optional.empty(),
        access -> {
          throw new AssertionError("A committed read needs no server");
        },
        1,
        ofJob(job));
  }

  private static MetricGroup ofJob(String id) {
    return new UnregisteredMetricsGroup() {
      @Override
      public Map<String, String> getAllVariables() {
        return Map.of("<job_id>", id);
      }
    };
  }

  /** The number of rows in the files of a plan, by table and batch. */
  private static Map<String, Long> rows(QueryPlan plan) {
    TreeMap<String, Long> rows = new TreeMap<>();
    plan.splits().stream()
        .flatMap(split -> split.parts().stream())
        .map(FileRange.class::cast)
        .forEach(
            file ->
                rows.merge(file.layer() + " " + file.batchNumber(), file.fileRows(), Long::sum));
    return rows;
  }

  private static String newJob() {
    return "lambda-" + jobs++;
  }

  private List<Record> day1(int rows) {
    return events.uploaded("2026-11-20T10:00:00Z", 1, rows);
  }

  private List<Record> day2(int rows) {
    return events.uploaded("2026-11-21T10:00:00Z", 1, rows);
  }

  @Test
  void eachBatchComesFromOneTable() {
    IcebergWarehouse warehouse = new IcebergWarehouse(folder);
    TestBatchLayer batches = TestBatchLayer.create(folder.toString());
    warehouse.appendChunk(day1(10));
    warehouse.appendBlockFile(day2(5));
    batches.write(DAY_1 - 1, events.uploaded("2026-11-19T10:00:00Z", 1, 3));
    batches.write(DAY_1, day1(10));
    batches.write(DAY_2, day2(2));
    Map<String, Long> none = Map.of("EVENTS " + DAY_1, 10L, "EVENTS " + DAY_2, 5L);
    assertThat(rows(plan(newJob(), part(batches)))).isEqualTo(none);
    warehouse.complete(DAY_1);
    Map<String, Long> first =
        Map.of("BATCHES " + (DAY_1 - 1), 3L, "BATCHES " + DAY_1, 10L, "EVENTS " + DAY_2, 5L);
    assertThat(rows(plan(newJob(), part(batches)))).isEqualTo(first);
    warehouse.complete(DAY_2);
    assertThat(rows(plan(newJob(), part(batches))))
        .isEqualTo(
            Map.of("BATCHES " + (DAY_1 - 1), 3L, "BATCHES " + DAY_1, 10L, "BATCHES " + DAY_2, 2L));
    warehouse.complete(DAY_1);
    assertThat(rows(plan(newJob(), part(batches)))).isEqualTo(first);
    assertThat(rows(plan(newJob(), null))).isEqualTo(Map.of("EVENTS " + DAY_2, 5L));
  }

  @Test
  void missingTableOfTheBatchLayerFailsOnlyOnceABatchIsCompleted() {
    IcebergWarehouse warehouse = new IcebergWarehouse(folder);
    warehouse.appendChunk(day1(10));
    assertThat(rows(plan(newJob(), part(null)))).containsOnlyKeys("EVENTS " + DAY_1);
    warehouse.complete(DAY_1);
    assertThatThrownBy(() -> plan(newJob(), part(null)).splits())
        .hasMessageContaining(
            "nova.batch_events: it is missing or was never written, and batch 20777"
                + " is completed")
        .hasMessageContaining("Nothing is read");
    TestBatchLayer made = TestBatchLayer.create(folder.toString());
    assertThatThrownBy(() -> plan(newJob(), part(made)).splits())
        .hasMessageContaining("never written");
    made.write(DAY_1, List.of());
    assertThat(rows(plan(newJob(), part(made)))).isEmpty();
  }

  @Test
  void allScansOfAQueryReadOneSnapshotOfTheBatchLayerAndALaterCorrectionShowsInTheNextQuery() {
    IcebergWarehouse warehouse = new IcebergWarehouse(folder);
    TestBatchLayer batches = TestBatchLayer.create(folder.toString());
    warehouse.appendChunk(day1(10));
    batches.write(DAY_1, day1(10));
    warehouse.complete(DAY_1);
    String job = newJob();
    assertThat(rows(plan(job, null))).isEmpty();
    assertThat(rows(plan(job, part(batches)))).isEqualTo(Map.of("BATCHES " + DAY_1, 10L));
    batches.write(DAY_1, day1(11));
    warehouse.complete(DAY_1 - 1);
    assertThat(rows(plan(job, part(batches)))).isEqualTo(Map.of("BATCHES " + DAY_1, 10L));
    warehouse.complete(DAY_1);
    assertThat(rows(plan(newJob(), part(batches)))).isEqualTo(Map.of("BATCHES " + DAY_1, 11L));
  }

  /** A job whose batch is written and completed while a query takes its cut. */
  private static final class Meanwhile implements LiveViews {
    private final Runnable action;

    Meanwhile(Runnable action) {
      this.action = action;
    }

    @Override
    public List<Announcement> announced(String tableLocation, String generation) {
      action.run();
      return List.of();
    }

    @Override
    public List<Answer> pin(List<Announcement> subtasks) {
      return List.of();
    }

    @Override
    public void renew(List<Cut.View> pinned) {}

    @Override
    public void release(List<Cut.View> pinned) {}
  }

  @Test
  void batchThatIsWrittenAndCompletedWhileTheQueryBeginsIsReadOnce() {
    try (TestJob job = new TestJob(folder)) {
      for (Record row : day1(10)) {
        job.admitUnseen(row, (Long) row.getField("kafka_offset"));
      }
      job.seal();
      job.commit();
      TestBatchLayer batches = TestBatchLayer.create(folder.toString());
      Meanwhile views =
          new Meanwhile(
              () -> {
                batches.write(DAY_1, day1(10));
                job.complete(DAY_1);
              });
      QueryPlan plan =
          new QueryPlan(
              new Warehouse(folder.toString()),
              scan(job.iceberg()),
              part(batches),
              Optional.of(new LiveAccess(Completeness.AVAILABLE, "", Duration.ZERO)),
              access -> views,
              1,
              ofJob(newJob()));
      assertThat(rows(plan)).isEqualTo(Map.of(Layer.BATCHES + " " + DAY_1, 10L));
      plan.close();
    }
  }
}
