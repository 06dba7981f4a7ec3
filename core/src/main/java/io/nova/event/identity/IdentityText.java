package io.nova.event.identity;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/**
 * Writes an identity as a JSON object for people: {@code
 * {"app":7,"device_id":"d","insert_id":"x"}}. Columns are named as in the table. Not thread safe.
 */
public final class IdentityText {
  private final JsonStringEncoder json = JsonStringEncoder.getInstance();
  private final StringBuilder text = new StringBuilder(128);

  /** The text of an identity. */
  public String of(Identity identity) {
    text.setLength(0);
    text.append("{\"app\":").append(identity.app());
    if (identity instanceof Identity.ByInsertId id) {
      add("device_id", id.deviceId());
      add("insert_id", id.insertId());
    } else if (identity instanceof Identity.ByUuid id) {
      add("uuid", id.uuid());
    } else if (identity instanceof Identity.ByCounter id) {
      add("device_id", id.deviceId());
      add("event_id", Long.toString(id.eventId()));
      add("client_event_time", Long.toString(id.clientEventMicros()));
    } else if (identity instanceof Identity.ByFields id) {
      for (int i = 0; i < id.names().size(); i++) {
        add(id.names().get(i), id.values().get(i));
      }
    }
    return text.append('}').toString();
  }

  private void add(String name, String value) {
    text.append(",\"").append(name).append("\":\"");
    json.quoteAsString(value, text);
    text.append('"');
  }
}
