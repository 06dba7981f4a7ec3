package io.nova.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nova.workload.input.Message;
import java.util.ArrayList;
import java.util.List;

/**
 * An event of one test case, and changed copies of it: another time, user or payload. Upload times
 * are on 2 March 2026.
 */
record Copies(int app, String device, String id, String time, String user, String payload) {
  static Copies at(String time, String id) {
    return new Copies(
        7, "d", id, "2026-03-02 " + time + (time.length() == 5 ? ":00" : ""), "u", "{}");
  }

  Copies app(int other) {
    return new Copies(other, device, id, time, user, payload);
  }

  Copies id(String other) {
    return new Copies(app, device, other, time, user, payload);
  }

  Copies uploaded(String dateAndTime) {
    return new Copies(app, device, id, dateAndTime, user, payload);
  }

  Copies retriedAt(String other) {
    return at(other, id).app(app).by(user).saying(payload);
  }

  Copies by(String other) {
    return new Copies(app, device, id, time, other, payload);
  }

  Copies saying(String other) {
    return new Copies(app, device, id, time, user, other);
  }

  Message on(int partition) {
    String text =
        "{\"app\":%d,\"device_id\":\"%s\",\"$insert_id\":\"%s\",\"event_type\":\"e\",\"user_id\":\"%s\",%s\"event_properties\":%s}"
            .formatted(
                app,
                device,
                id,
                user,
                time.isEmpty() ? "" : "\"server_upload_time\":\"" + time + ".000000\",",
                payload);
    return new Message(text.getBytes(UTF_8), partition, Message.UNKNOWN_TIME);
  }

  /**
   * {@code count} events, evenly over minutes of one hour; event i goes to partition i modulo n.
   */
  static List<Message> spread(String name, int count, int hour, int minutes, int... partitions) {
    List<Message> messages = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String time = "%02d:%02d".formatted(hour, i * minutes / count);
      messages.add(at(time, name + i).on(partitions[i % partitions.length]));
    }
    return messages;
  }
}
