package io.nova.kafka;

import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;

/**
 * The watermark of a Kafka partition: its greatest upload time, in milliseconds. A refused message
 * moves nothing.
 */
public final class UploadTimeWatermarks implements WatermarkGenerator<Received> {
  private long greatestMs = Long.MIN_VALUE;

  @Override
  public void onEvent(Received received, long timestampMs, WatermarkOutput output) {
    if (received.event != null) {
      greatestMs = Math.max(greatestMs, Math.floorDiv(received.event.uploadMicros, 1000L));
    }
  }

  @Override
  public void onPeriodicEmit(WatermarkOutput output) {
    if (greatestMs != Long.MIN_VALUE) {
      output.emitWatermark(new Watermark(greatestMs));
    }
  }
}
