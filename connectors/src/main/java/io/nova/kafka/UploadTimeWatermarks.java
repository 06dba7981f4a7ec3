package io.nova.kafka;

import io.nova.event.Micros;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.eventtime.WatermarksWithIdleness;

/**
 * The watermarks of a Kafka partition: its frontier in milliseconds. A rejected message moves
 * nothing, and a partition with rejected messages only is idle.
 */
public final class UploadTimeWatermarks implements WatermarkGenerator<Received> {
  private final UploadFrontier frontier = new UploadFrontier();

  /**
   * The watermarks of all partitions.
   *
   * @param idleTimeout time without an event after which a partition is idle; zero for never
   */
  public static WatermarkStrategy<Received> strategy(Duration idleTimeout) {
    return WatermarkStrategy.forGenerator(
        context ->
            idleTimeout.isZero()
                ? new UploadTimeWatermarks()
                : new EventsOnly(
                    new WatermarksWithIdleness<>(
                        new UploadTimeWatermarks(), idleTimeout, context.getInputActivityClock())));
  }

  /** Shows a generator events only: for Flink's idleness, every message would be activity. */
  private record EventsOnly(WatermarkGenerator<Received> generator)
      implements WatermarkGenerator<Received> {
    @Override
    public void onEvent(Received received, long timestampMs, WatermarkOutput output) {
      if (received.event != null) {
        generator.onEvent(received, timestampMs, output);
      }
    }

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {
      generator.onPeriodicEmit(output);
    }
  }

  @Override
  public void onEvent(Received received, long timestampMs, WatermarkOutput output) {
    if (received.event != null) {
      frontier.read(received.event.uploadMicros);
    }
  }

  @Override
  public void onPeriodicEmit(WatermarkOutput output) {
    if (frontier.reachedMicros() != Micros.UNKNOWN) {
      output.emitWatermark(new Watermark(Math.floorDiv(frontier.reachedMicros(), 1000L)));
    }
  }
}
