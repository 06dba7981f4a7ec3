package io.nova.workload.send;

import io.nova.workload.input.Message;
import io.nova.workload.send.Pace.PerSecond;
import io.nova.workload.send.Pace.SpeedUp;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Delays each message until it is due. For {@link SpeedUp} it follows a position in upload time
 * that only moves forward. A message with an earlier upload time (a re-sent copy) is due at once.
 *
 * <p>An upload time that is later by more than {@link #GAP_MICROS}, or earlier by more than {@link
 * #RESENT_MICROS}, does not move the position. After {@link #AGREEING} such times in a row the
 * position jumps. So neither one wrong clock nor a silent night stops the sending. For one thread.
 */
final class Pacer {
  static final long GAP_MICROS = TimeUnit.MINUTES.toMicros(10);
  static final long RESENT_MICROS = TimeUnit.HOURS.toMicros(24);
  static final int AGREEING = 20;

  private final Pace pace;
  private final LongSupplier nanoClock;
  private final long startNanos;
  private long index;
  private long positionMicros = Message.UNKNOWN_TIME;
  private double passedMicros;
  private int outliers;
  private boolean waited;

  Pacer(Pace pace) {
    this(pace, System::nanoTime);
  }

  Pacer(Pace pace, LongSupplier nanoClock) {
    this.pace = pace;
    this.nanoClock = nanoClock;
    this.startNanos = nanoClock.getAsLong();
  }

  /** Waits until the next message, with this upload time, is due. */
  void await(long uploadMicros) throws InterruptedException {
    long waitNanos = dueNanos(uploadMicros) - (nanoClock.getAsLong() - startNanos);
    waited = waitNanos >= TimeUnit.MILLISECONDS.toNanos(1);
    if (waited) {
      TimeUnit.NANOSECONDS.sleep(waitNanos);
    } else if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  /** Whether the last message had to wait. */
  boolean waited() {
    return waited;
  }

  /** When the next message, with this upload time, is due, in nanoseconds from the start. */
  long dueNanos(long uploadMicros) {
    long place = index++;
    if (pace instanceof PerSecond rate) {
      return (long) (place / rate.messages() * 1e9);
    }
    if (pace instanceof SpeedUp speed) {
      follow(uploadMicros);
      return (long) (passedMicros / speed.factor() * 1e3);
    }
    return 0;
  }

  private void follow(long uploadMicros) {
    if (uploadMicros == Message.UNKNOWN_TIME) {
      return;
    }
    long step = positionMicros == Message.UNKNOWN_TIME ? 0 : uploadMicros - positionMicros;
    if (step > GAP_MICROS || step < -RESENT_MICROS) {
      if (++outliers >= AGREEING) {
        outliers = 0;
        positionMicros = uploadMicros;
      }
    } else if (step >= 0) {
      outliers = 0;
      positionMicros = uploadMicros;
      passedMicros += step;
    }
  }
}
