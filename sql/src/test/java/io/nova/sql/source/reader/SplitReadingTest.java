package io.nova.sql.source.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.handoff.BatchNumbers;
import io.nova.live.client.LiveClient;
import io.nova.live.protocol.Announcement;
import io.nova.sql.IcebergWarehouse;
import io.nova.sql.TestEvents;
import io.nova.sql.source.EventScan;
import io.nova.sql.source.ReadMetrics;
import io.nova.sql.source.enumerator.ScanPlanner;
import io.nova.sql.source.split.FileRange;
import io.nova.sql.source.split.FileRange.Layer;
import io.nova.sql.source.split.LiveRange;
import io.nova.sql.source.split.ScanSplit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.runtime.throwable.ThrowableClassifier;
import org.apache.flink.runtime.throwable.ThrowableType;
import org.apache.flink.table.data.RowData;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expressions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SplitReadingTest {
  private static final ReadMetrics METRICS =
      new ReadMetrics(
          new SimpleCounter(),
          new SimpleCounter(),
          new SimpleCounter(),
          new SimpleCounter(),
          new SimpleCounter(),
          new SimpleCounter());

  @TempDir private Path folder;
  private IcebergWarehouse warehouse;

  @BeforeEach
  void fill() {
    warehouse = new IcebergWarehouse(folder);
    TestEvents events = new TestEvents(1);
    warehouse.appendBlockFile(events.uploaded("2026-11-20T00:00:00Z", 1, 300));
    warehouse.appendChunk(events.uploaded("2026-11-20T01:00:00Z", 1, 4_000));
  }

  private EventScan scan(Schema projection) {
    return new EventScan(
        warehouse.table().spec(), projection, Expressions.alwaysTrue(), null, EventScan.NO_LIMIT);
  }

  private List<ScanSplit> splits(EventScan scan) {
    Table table = warehouse.table();
    return ScanPlanner.plan(table, scan, table.currentSnapshot().snapshotId(), 1, "").splits();
  }

  private static List<FileRange> files(ScanSplit split) {
    return split.parts().stream().map(FileRange.class::cast).toList();
  }

  private static PartReading reading(EventScan scan) {
    ViewReading views =
        new ViewReading(
            scan,
            METRICS,
            () -> {
              throw new AssertionError("There is no live view here");
            });
    return new PartReading(new FileReading(scan, METRICS), null, views);
  }

  private static List<Long> read(SplitReading reading, int atMost) throws IOException {
    ArrayList<Long> offsets = new ArrayList<>();
    while (offsets.size() < atMost) {
      RowData row = reading.next();
      if (row == null) {
        break;
      }
      offsets.add(row.getLong(0));
    }
    return offsets;
  }

  @Test
  void splitGoesOnWhereItWasLeft() throws IOException {
    EventScan scan = scan(IcebergWarehouse.SCHEMA.select("kafka_offset"));
    PartReading files = reading(scan);
    assertThat(splits(scan)).hasSize(1);
    ScanSplit split = splits(scan).get(0);
    List<Long> whole = read(new SplitReading(split, files), Integer.MAX_VALUE);
    assertThat(whole).hasSize(4_300).doesNotHaveDuplicates();
    for (int stop : List.of(0, 1, 299, 300, 301, 2_500, 4_299, 4_300)) {
      ArrayList<Long> parts = new ArrayList<>();
      try (SplitReading first = new SplitReading(split, files)) {
        parts.addAll(read(first, stop));
        parts.addAll(read(new SplitReading(first.remaining(), files), Integer.MAX_VALUE));
      }
      assertThat(parts).as("stopped after %s", stop).isEqualTo(whole);
    }
  }

  @Test
  void piecesOfAFileAddUpToIt() throws IOException {
    EventScan scan = scan(IcebergWarehouse.SCHEMA.select("kafka_offset"));
    PartReading files = reading(scan);
    ArrayList<Long> whole = new ArrayList<>();
    ArrayList<Long> pieces = new ArrayList<>();
    for (FileRange range : files(splits(scan).get(0))) {
      whole.addAll(read(split(range, range.start(), range.length(), files), Integer.MAX_VALUE));
      long third = range.length() / 3;
      for (long start : List.of(0L, third, 2 * third)) {
        long length = start == 2 * third ? range.length() - start : third;
        pieces.addAll(read(split(range, start, length, files), Integer.MAX_VALUE));
      }
    }
    assertThat(pieces).hasSize(4_300).isEqualTo(whole);
  }

  private static SplitReading split(FileRange of, long start, long length, PartReading files) {
    FileRange range =
        new FileRange(
            Layer.EVENTS,
            of.path(),
            of.format(),
            of.batchNumber(),
            start,
            length,
            of.fileSizeBytes(),
            of.fileRows());
    return new SplitReading(new ScanSplit("part", "", List.of(range), 0), files);
  }

  @Test
  void rowsWithoutColumnsAreCountedFromTheMetadata() throws IOException {
    EventScan scan = scan(new Schema());
    SplitReading reading = new SplitReading(splits(scan).get(0), reading(scan));
    long rows = 0;
    while (reading.next() != null) {
      rows++;
    }
    assertThat(rows).isEqualTo(4_300);
  }

  @Test
  void fileThatIsGoneIsNamedWithWhatToDo() throws IOException {
    EventScan scan = scan(IcebergWarehouse.SCHEMA.select("kafka_offset"));
    ScanSplit split = splits(scan).get(0);
    for (FileRange file : files(split)) {
      Files.delete(Path.of(file.path()));
    }
    SplitReading reading = new SplitReading(split, reading(scan));
    assertThatThrownBy(reading::next)
        .hasMessageContaining(files(split).get(0).path())
        .hasMessageContaining("it is gone")
        .satisfies(SplitReadingTest::isWhatUsersSee)
        .hasMessageContaining("start it again");
  }

  /** A client shows the innermost cause of a job that is not restarted. */
  private static void isWhatUsersSee(Throwable failure) {
    assertThat(failure).hasNoCause();
    assertThat(ThrowableClassifier.getThrowableType(failure))
        .isEqualTo(ThrowableType.NonRecoverableError);
  }

  @Test
  void liveViewThatIsGoneIsNamedWithWhatToDo() throws IOException {
    EventScan scan = scan(IcebergWarehouse.SCHEMA.select("kafka_offset"));
    Announcement gone = new Announcement(1, "g", 3, 0, "127.0.0.1", 1, false, "", false, List.of());
    LiveRange part = LiveRange.of(gone, "lease", List.of(0), BatchNumbers.NONE, 5);
    LiveClient client = new LiveClient(Optional.empty(), "token", Duration.ofSeconds(5));
    PartReading parts =
        new PartReading(
            new FileReading(scan, METRICS), null, new ViewReading(scan, METRICS, () -> client));
    SplitReading reading = new SplitReading(new ScanSplit("live-0", "", List.of(part), 0), parts);
    assertThatThrownBy(reading::next)
        .hasMessageStartingWith("Live view of subtask 3 at 127.0.0.1:1")
        .satisfies(SplitReadingTest::isWhatUsersSee)
        .hasMessageContaining("start it again");
  }

  @Test
  void damagedFileIsNamed() throws IOException {
    EventScan scan = scan(IcebergWarehouse.SCHEMA.select("kafka_offset", "event_properties"));
    for (FileRange file : files(splits(scan).get(0))) {
      Path path = Path.of(file.path());
      Files.deleteIfExists(path.resolveSibling("." + path.getFileName() + ".crc"));
      byte[] bytes = Files.readAllBytes(path);
      Arrays.fill(bytes, bytes.length / 4, bytes.length / 4 * 3, (byte) 7);
      Files.write(path, bytes);
      SplitReading reading = split(file, file.start(), file.length(), reading(scan));
      assertThatThrownBy(() -> read(reading, Integer.MAX_VALUE))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(file.path())
          .hasNoCause()
          .hasMessageContaining("cannot be read");
    }
  }
}
