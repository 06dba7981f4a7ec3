package io.nova.sql;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;

/** Random events of a small product, from a seed, as rows of the table. */
public final class TestEvents {
  static final List<String> TYPES =
      List.of("Add To Cart", "Checkout", "Purchase", "Search", "Start Session", "View Item");

  private final Random random;
  private long offset;

  public TestEvents(long seed) {
    this.random = new Random(seed);
  }

  /** Rows with upload times in the hours after a UTC instant, in the order of a chunk. */
  public List<Record> uploaded(String from, int hours, int count) {
    Instant start = Instant.parse(from);
    ArrayList<Record> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(row(start.plusMillis(random.nextLong(Duration.ofHours(hours).toMillis()))));
    }
    rows.sort(
        Comparator.<Record>comparingLong(row -> (Long) row.getField("app"))
            .thenComparing(row -> (String) row.getField("event_type"))
            .thenComparing(row -> (OffsetDateTime) row.getField("event_time")));
    return rows;
  }

  private Record row(Instant upload) {
    int user = random.nextInt(500);
    Instant event =
        upload.minusMillis(random.nextInt(60_000)).plusNanos(1000L * random.nextInt(1000));
    Record row = blank(upload);
    row.setField("shard", random.nextInt(128));
    row.setField("kafka_topic", "events");
    row.setField("kafka_partition", random.nextInt(4));
    row.setField("kafka_offset", offset++);
    row.setField("kafka_index", 0);
    row.setField("user", user % 7 == 0 ? null : Integer.toString(user));
    row.setField("app", 1000L + random.nextInt(2));
    row.setField("device_id", "device-" + random.nextLong(1L << 40));
    row.setField("insert_id", "insert-" + offset);
    row.setField("event_type", TYPES.get(random.nextInt(TYPES.size())));
    row.setField("event_time", event.atOffset(ZoneOffset.UTC));
    row.setField("session_id", random.nextInt(10) == 0 ? -1L : 1_700_000_000_000L + user);
    row.setField("amplitude_id", (long) user);
    row.setField("location_lat", random.nextInt(5) == 0 ? null : random.nextDouble() * 180 - 90);
    row.setField("paying", random.nextInt(3) == 0 ? null : random.nextBoolean());
    row.setField("event_id", random.nextInt(2000) - 1000L);
    row.setField("event_properties", properties());
    return row;
  }

  private String properties() {
    String text = random.ints(40).mapToObj(Integer::toHexString).collect(Collectors.joining(" "));
    return "{\"price\":" + random.nextInt(100) + ",\"ü\":\"\\n\",\"text\":\"" + text + "\"}";
  }

  static Instant uploadTime(Record row) {
    return ((OffsetDateTime) row.getField("server_upload_time")).toInstant();
  }

  /** A row with little more than its upload time and batch. */
  public static Record blank(Instant upload) {
    GenericRecord row = GenericRecord.create(IcebergWarehouse.SCHEMA);
    row.setField("batch_number", Math.floorDiv(upload.getEpochSecond(), 86_400L));
    row.setField("shard", 0);
    row.setField("kafka_topic", "events");
    row.setField("kafka_partition", 0);
    row.setField("kafka_offset", -1L);
    row.setField("kafka_index", 0);
    row.setField("server_upload_time", upload.atOffset(ZoneOffset.UTC));
    return row;
  }
}
