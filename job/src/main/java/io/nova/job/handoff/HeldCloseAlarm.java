package io.nova.job.handoff;

import io.nova.event.Micros;
import io.nova.handoff.BatchName;
import io.nova.handoff.HeldClose;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says once that the close of a batch has been held for half an hour, and names the slowest
 * partition. A slow partition that only ends the delay a little later is no alarm. Not thread safe.
 */
final class HeldCloseAlarm {
  /** How long a close is held before the alarm. */
  static final Duration AFTER = Duration.ofMinutes(30);

  private final String topic;
  private final Duration batchLength;
  private @Nullable HeldClose held;
  private long sinceMs;
  private boolean said;

  /**
   * No batch is held yet.
   *
   * @param topic the topic of the events
   */
  HeldCloseAlarm(String topic, Duration batchLength) {
    this.topic = topic;
    this.batchLength = batchLength;
  }

  /** Notes what holds a close now, and returns the warning if it is due. */
  Optional<String> note(Optional<HeldClose> now, long nowMs) {
    if (now.isEmpty()) {
      held = null;
      return Optional.empty();
    }
    if (held == null || held.batch() != now.get().batch()) {
      sinceMs = nowMs;
      said = false;
    }
    held = now.get();
    boolean due = !said && nowMs - sinceMs >= AFTER.toMillis();
    said |= due;
    return due ? now.map(this::warning) : Optional.empty();
  }

  private String warning(HeldClose close) {
    return ("Batch %s does not close: partition %d of topic %s %s. It has been held for %d minutes."
            + " Find out why. Or stop waiting for it: ./nova batch retire %d.")
        .formatted(
            BatchName.of(close.batch(), batchLength),
            close.partition(),
            topic,
            place(close.reachedMicros()),
            AFTER.toMinutes(),
            close.partition());
  }

  private static String place(long micros) {
    return micros == Micros.UNKNOWN
        ? "has no progress so far"
        : "is at " + Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
