package io.nova.console.ask.topic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** The ledger of dropped duplicates: JSON objects, as docs/reference/formats.md describes them. */
final class DuplicatesForm implements TopicForm {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public String name() {
    return "duplicates";
  }

  @Override
  public String definitions() {
    return "app VARCHAR, identity VARCHAR, kind VARCHAR, upload_time TIMESTAMPTZ, kafka_topic"
        + " VARCHAR, kafka_partition INTEGER, kafka_offset BIGINT, kafka_index INTEGER, gap_blocks"
        + " BIGINT, dropped_at TIMESTAMPTZ";
  }

  @Override
  public String selectList() {
    return "app, identity, kind, upload_time, kafka_topic, kafka_partition, kafka_offset,"
        + " kafka_index, gap_blocks, dropped_at";
  }

  @Override
  public String time() {
    return "dropped_at";
  }

  @Override
  public Optional<Row> row(ConsumerRecord<byte[], byte @Nullable []> record) {
    byte[] value = record.value();
    if (value == null) {
      return Optional.empty();
    }
    try {
      JsonNode entry = JSON.readTree(value);
      return entry != null && entry.isObject()
          ? Optional.of(row(entry, Instant.ofEpochMilli(record.timestamp())))
          : Optional.empty();
    } catch (IOException
        | DateTimeException
        | ArithmeticException
        | NumberFormatException foreign) {
      return Optional.empty();
    }
  }

  private static Row row(JsonNode entry, Instant droppedAt) {
    List<@Nullable Object> values = new ArrayList<>();
    values.add(text(entry.path("app")));
    values.add(text(entry.path("identity")));
    values.add(text(entry.path("kind")));
    String upload = text(entry.path("upload_time"));
    values.add(upload == null ? null : time(upload));
    values.add(text(entry.path("topic")));
    values.add(number(entry.path("partition")));
    values.add(big(entry.path("offset")));
    values.add(number(entry.path("index")));
    values.add(big(entry.path("gap_blocks")));
    values.add(droppedAt);
    return Row.of(values, false);
  }

  /** A time that DuckDB can hold. */
  private static Instant time(String text) {
    Instant time = Instant.parse(text);
    return Instant.EPOCH.plus(ChronoUnit.MICROS.between(Instant.EPOCH, time), ChronoUnit.MICROS);
  }

  private static @Nullable String text(JsonNode field) {
    if (field.isMissingNode() || field.isNull()) {
      return null;
    }
    return field.isContainerNode() ? field.toString() : field.asText();
  }

  private static @Nullable Integer number(JsonNode field) {
    String text = text(field);
    return text == null ? null : Integer.valueOf(text);
  }

  private static @Nullable Long big(JsonNode field) {
    String text = text(field);
    return text == null ? null : Long.valueOf(text);
  }
}
