package io.nova.kafka;

import io.nova.event.Micros;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;

/**
 * The watermarks of a Kafka partition: its progress in milliseconds. A rejected message moves
 * nothing.
 */
public final class UploadTimeWatermarks implements WatermarkGenerator<Received> {
  private final UploadProgress progress = new UploadProgress();

  @Override
  public void onEvent(Received received, long timestampMs, WatermarkOutput output) {
    if (received.event != null) {
      progress.read(received.event.uploadMicros);
    }
  }

  @Override
  public void onPeriodicEmit(WatermarkOutput output) {
    if (progress.reachedMicros() != Micros.UNKNOWN) {
      output.emitWatermark(new Watermark(Math.floorDiv(progress.reachedMicros(), 1000L)));
    }
  }
}
