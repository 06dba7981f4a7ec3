package io.nova;

import io.nova.iceberg.TableRules;
import io.nova.kafka.EventDeserializer;
import io.nova.kafka.Received;
import io.nova.shard.Offer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Synthetic events for tests: {@code Events.at("10:02").by("u1").id("a")}. */
public final class Events {
  private final String uploadTime;
  private final String user;
  private final String id;
  private final int app;
  private final String more;

  private Events(String uploadTime, String user, String id, int app, String more) {
    this.uploadTime = uploadTime;
    this.user = user;
    this.id = id;
    this.app = app;
    this.more = more;
  }

  /** An event uploaded at a time of 2026-11-20, or at a complete date and time. */
  public static Events at(String time) {
    String whole = time.length() == 5 ? "2026-11-20 " + time + ":00" : time;
    return new Events(whole, "u", "i", 1, "");
  }

  public Events by(String otherUser) {
    return new Events(uploadTime, otherUser, id, app, more);
  }

  public Events id(String otherId) {
    return new Events(uploadTime, user, otherId, app, more);
  }

  public Events app(int otherApp) {
    return new Events(uploadTime, user, id, otherApp, more);
  }

  /** Adds keys, such as {@code "city":"Bern"}. */
  public Events with(String keys) {
    return new Events(uploadTime, user, id, app, more + "," + keys);
  }

  /** The message. */
  public byte[] json() {
    String text =
        "{\"app\":"
            + app
            + ",\"device_id\":\"d\",\"$insert_id\":\""
            + id
            + "\",\"user_id\":\""
            + user
            + "\",\"server_upload_time\":\""
            + uploadTime
            + "\""
            + more
            + "}";
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The deserializer's event for it. */
  public Offer offered(TableRules rules, long offset) {
    return Objects.requireNonNull(
        received(rules, new ConsumerRecord<>("events", 0, offset, null, json())).event);
  }

  /** The deserializer's result for a record. */
  public static Received received(TableRules rules, ConsumerRecord<byte[], byte[]> record) {
    List<Received> out = new ArrayList<>(1);
    new EventDeserializer(rules, Duration.ofMinutes(5))
        .deserialize(record, new ListCollector<>(out));
    return out.get(0);
  }
}
