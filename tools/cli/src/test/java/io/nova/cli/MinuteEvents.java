package io.nova.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nova.workload.input.Message;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** An event a minute in each of four partitions, from ten o'clock on. */
final class MinuteEvents {
  static final Instant TEN = Instant.parse("2026-11-21T10:00:00Z");
  private static final int PARTITIONS = 4;

  /** The number of events in an hour. */
  static final long AN_HOUR = 60 * PARTITIONS;

  private MinuteEvents() {}

  /** Options of a job whose batches are hours, which close on request. */
  static List<String> hoursClosedOnRequest(String... more) {
    return Stream.concat(
            Stream.of(
                "--nova.checkpoint.interval",
                "2 s",
                "--nova.batch.length",
                "1 h",
                "--nova.batch.close-delay",
                "10 h"),
            Stream.of(more))
        .toList();
  }

  /** The events of some minutes. */
  static List<Message> of(int fromMinute, int toMinute) {
    List<Message> messages = new ArrayList<>();
    for (int minute = fromMinute; minute < toMinute; minute++) {
      for (int partition = 0; partition < PARTITIONS; partition++) {
        messages.add(
            event(
                "e%d-%d".formatted(minute, partition),
                partition,
                TEN.plus(Duration.ofMinutes(minute))));
      }
    }
    return messages;
  }

  /** One event. */
  static Message event(String id, int partition, Instant time) {
    String text =
        "{\"app\":7,\"device_id\":\"d\",\"$insert_id\":\"%s\",\"event_type\":\"x\",\"server_upload_time\":\"%s\"}"
            .formatted(id, time);
    return new Message(
        text.getBytes(UTF_8), partition, ChronoUnit.MICROS.between(Instant.EPOCH, time));
  }
}
