package io.nova.workload.send;

import io.nova.workload.input.Message;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The times of the Kafka records of one stream of messages. For one thread. */
interface RecordTimes {
  /** The time of the next message's record in milliseconds since 1970; null for now. */
  @Nullable Long next(Message message);

  /** The time at which a record is sent. */
  static RecordTimes now() {
    return message -> null;
  }

  /** The greatest upload time so far: the time at which a record arrived in the replayed days. */
  static RecordTimes replayed() {
    long[] newestMicros = {Message.UNKNOWN_TIME};
    return message -> {
      newestMicros[0] = Math.max(newestMicros[0], message.uploadMicros());
      return newestMicros[0] == Message.UNKNOWN_TIME
          ? null
          : TimeUnit.MICROSECONDS.toMillis(newestMicros[0]);
    };
  }
}
