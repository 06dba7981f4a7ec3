package io.nova.judge;

import io.nova.workload.input.Message;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** An event for tests: raw JSON by key. {@code TestEvent.at("10:02").id("a")}. */
public final class TestEvent {
  public final Map<String, String> members = new LinkedHashMap<>();

  public static TestEvent at(String time) {
    return new TestEvent()
        .with("app", "1")
        .with("device_id", "\"d\"")
        .with("event_type", "\"Viewed\"")
        .with("event_properties", "{\"price\": 1.50}")
        .with("amplitude_id", "42")
        .uploaded(time);
  }

  public TestEvent id(String insertId) {
    return with("$insert_id", '"' + insertId + '"');
  }

  TestEvent uploaded(String time) {
    return with("server_upload_time", "\"2026-03-02 " + time + ":00.000000\"");
  }

  public TestEvent with(String key, String json) {
    members.put(key, json);
    return this;
  }

  public TestEvent copy() {
    TestEvent copy = new TestEvent();
    copy.members.putAll(members);
    return copy;
  }

  String text(String key) {
    return members.get(key).replace("\"", "");
  }

  public byte[] json() {
    return members.entrySet().stream()
        .map(member -> '"' + member.getKey() + "\":" + member.getValue())
        .collect(Collectors.joining(",", "{", "}"))
        .getBytes(StandardCharsets.UTF_8);
  }

  Message message() {
    return new Message(json(), 0, Message.UNKNOWN_TIME);
  }
}
