package io.nova.bench.day;

import io.nova.event.row.Column;
import io.nova.event.row.EventSchema;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Form of the messages of a {@link DayMessages day}. */
public enum DayRecord {
  /** Ten keys, about 250 bytes. Parsing them is a small part of the cost. */
  SMALL {
    @Override
    String text(long number, String upload) {
      return "{\"app\":1,\"device_id\":\"d"
          + number % DEVICES
          + "\",\"$insert_id\":\"i"
          + number
          + "\",\"event_id\":"
          + number
          + ",\"event_type\":\"type "
          + number % 20
          + "\",\"user_id\":\"u"
          + number % USERS
          + "\",\"platform\":\"Web\",\"server_upload_time\":\""
          + upload
          + "\",\"event_time\":\""
          + upload
          + "\",\"event_properties\":{\"n\":"
          + number % 1000
          + "}}";
    }
  },

  /** All 55 keys of an export, 23 of them with a value, about 1.5 KB. */
  EXPORT {
    /** Values that differ from record to record, with a mark at the place of the difference. */
    private final Map<String, String> values =
        Map.of(
            "$insert_id", "\"i#\"",
            "device_id", "\"d#\"",
            "user_id", "\"u#\"",
            "event_id", "#",
            "server_upload_time", "\"#\"",
            "event_time", "\"#\"",
            "client_event_time", "\"#\"");

    private final String[] around = ExportRecords.typicalBut(values).split("#", -1);

    /** The keys with a mark, in order. */
    private final List<String> keys =
        EventSchema.columns().stream().map(Column::key).filter(values::containsKey).toList();

    @Override
    String text(long number, String upload) {
      StringBuilder text = new StringBuilder(2048).append(around[0]);
      for (int i = 0; i < keys.size(); i++) {
        switch (keys.get(i)) {
          case "$insert_id", "event_id" -> text.append(number);
          case "device_id" -> text.append(number % DEVICES);
          case "user_id" -> text.append(number % USERS);
          default -> text.append(upload);
        }
        text.append(around[i + 1]);
      }
      return text.toString();
    }
  };

  private static final int DEVICES = 100_003;
  private static final int USERS = 50_021;

  /** The constant with this name, in lower case. */
  static DayRecord of(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }

  /**
   * The message of an event, as JSON.
   *
   * @param number its number in the day, from 0
   * @param upload its upload time as exports write it
   */
  abstract String text(long number, String upload);
}
