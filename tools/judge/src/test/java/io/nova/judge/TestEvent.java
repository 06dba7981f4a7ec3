package io.nova.judge;

import io.nova.fixtures.Events;
import io.nova.workload.input.Message;

/** Messages that name values for several columns, for tests of the judge. */
public final class TestEvent {
  private TestEvent() {}

  /** A message without an insert id, uploaded at this time of day. */
  public static Events at(String time) {
    return Events.at(time)
        .without("$insert_id")
        .without("user_id")
        .with("event_type", "\"Viewed\"")
        .with("event_properties", "{\"price\": 1.50}")
        .with("amplitude_id", "42");
  }

  static Message message(Events event) {
    return new Message(event.json(), 0, Message.UNKNOWN_TIME);
  }
}
