package io.nova.iceberg;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.NovaWarehouse;
import io.nova.event.Tally;
import io.nova.fixtures.Events;
import io.nova.iceberg.commit.CommitChain;
import io.nova.iceberg.commit.Draft;
import io.nova.shard.BlockFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.AggregateEvaluator;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Engines that answer MIN and MAX from the bounds of files, as Spark does. */
class BoundsTest {
  private static final String UPLOAD_TIME = "server_upload_time";

  @TempDir private Path folder;
  private NovaWarehouse warehouse;
  private CommitChain chain;
  private Draft draft;

  @BeforeEach
  void begin() {
    warehouse = new NovaWarehouse(folder);
    chain = CommitChain.begin(warehouse.open(), UUID.randomUUID().toString());
    draft = Draft.first(chain.head(), NovaWarehouse.RULES.shards());
  }

  private BlockFile file(String... times) {
    Events[] events = new Events[times.length];
    for (int i = 0; i < times.length; i++) {
      events[i] =
          Events.at(Events.DAY + " " + times[i])
              .id(times[i])
              .with("event_time", "\"2026-11-20 09:0%d:01.000001\"".formatted(i))
              .with("session_id", Integer.toString(times[i].hashCode()))
              .with("location_lat", i + ".25")
              .with("paying", Boolean.toString(i == 1));
    }
    return warehouse.write(events);
  }

  private void commit() {
    chain.apply(draft.draw(chain.generation(), new Tally()));
  }

  /** What an engine answers from bounds; empty if it has to read the rows. */
  private static Optional<Object> fromBounds(Table table, Expression aggregate) throws IOException {
    AggregateEvaluator evaluator = AggregateEvaluator.create(table.schema(), List.of(aggregate));
    try (CloseableIterable<FileScanTask> tasks = table.newScan().includeColumnStats().planFiles()) {
      tasks.forEach(task -> evaluator.update(task.file()));
    }
    return evaluator.allAggregatorsValid()
        ? Optional.of(evaluator.result().get(0, Object.class))
        : Optional.empty();
  }

  private Stream<Object> values(String column) {
    return warehouse.rows().stream()
        .map(row -> row.getField(column))
        .filter(Objects::nonNull)
        .map(value -> value instanceof OffsetDateTime time ? micros(time) : value);
  }

  private static Object micros(OffsetDateTime time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time.toInstant());
  }

  @SuppressWarnings("unchecked") // the values of one column compare with each other
  private static Comparator<Object> natural() {
    return (a, b) -> ((Comparable<Object>) a).compareTo(b);
  }

  /** Engines do not take bounds of strings for values, since these are cut off. */
  private void mustBeExact() throws IOException {
    Table table = warehouse.open().iceberg();
    Schema schema = table.schema();
    for (Types.NestedField field : schema.columns()) {
      if (field.type().typeId() != Type.TypeID.STRING) {
        String column = field.name();
        fromBounds(table, Expressions.min(column))
            .ifPresent(min -> assertThat(values(column).min(natural())).as(column).contains(min));
        fromBounds(table, Expressions.max(column))
            .ifPresent(max -> assertThat(values(column).max(natural())).as(column).contains(max));
      }
    }
    assertThat(fromBounds(table, Expressions.max(UPLOAD_TIME))).isPresent();
  }

  @Test
  void boundsOfBlockFilesAndChunksAreExact() throws IOException {
    BlockFile first = file("10:01:17.000001", "10:02:00", "10:03:59.999999");
    BlockFile second = file("10:08:00");
    draft.add(first);
    draft.add(second);
    commit();
    mustBeExact();

    draft.add(warehouse.merge(first));
    commit();
    mustBeExact();
  }

  @Test
  void boundsOfABlockAtTheEndsOfItsIntervalAreExact() throws IOException {
    draft.add(file("10:00:00.000000", "10:04:59.999999"));
    commit();

    mustBeExact();
  }
}
