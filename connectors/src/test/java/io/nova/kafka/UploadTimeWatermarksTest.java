package io.nova.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.shard.Offer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.util.clock.ManualClock;
import org.apache.flink.util.clock.RelativeClock;
import org.junit.jupiter.api.Test;

class UploadTimeWatermarksTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final ManualClock clock = new ManualClock();
  private final List<String> sent = new ArrayList<>();
  private WatermarkGenerator<Received> partition = partition(TIMEOUT);

  private final WatermarkOutput output =
      new WatermarkOutput() {
        @Override
        public void emitWatermark(Watermark watermark) {
          sent.add("watermark " + watermark.getTimestamp());
        }

        @Override
        public void markIdle() {
          sent.add("idle");
        }

        @Override
        public void markActive() {
          sent.add("active");
        }
      };

  private WatermarkGenerator<Received> partition(Duration timeout) {
    return UploadTimeWatermarks.strategy(timeout)
        .createWatermarkGenerator(
            new WatermarkGeneratorSupplier.Context() {
              @Override
              public MetricGroup getMetricGroup() {
                return new UnregisteredMetricsGroup();
              }

              @Override
              public RelativeClock getInputActivityClock() {
                return clock;
              }
            });
  }

  private static Received event(long uploadMicros) {
    Received received = new Received();
    received.event = new Offer();
    received.event.uploadMicros = uploadMicros;
    return received;
  }

  private static Received junk() {
    Received received = new Received();
    received.rejected = new Rejected();
    return received;
  }

  /** A message every five seconds, with Flink's look after each. */
  private void minute(Received message) {
    for (int second = 0; second < 60; second += 5) {
      partition.onEvent(message, 0, output);
      clock.advanceTime(Duration.ofSeconds(5));
      partition.onPeriodicEmit(output);
    }
  }

  @Test
  void partitionWithRejectedMessagesOnlyIsIdle() {
    minute(junk());

    assertThat(sent).containsExactly("idle");
  }

  @Test
  void partitionThatTurnsToRejectedMessagesIsIdleUntilItsNextEvent() {
    minute(event(7_000));
    assertThat(sent).doesNotContain("idle");

    minute(junk());
    assertThat(sent).endsWith("idle");
    sent.clear();
    minute(event(9_000));

    assertThat(sent).doesNotContain("idle").endsWith("watermark 9");
  }

  @Test
  void rejectedMessagesBetweenEventsChangeNothing() {
    for (int i = 0; i < 10; i++) {
      partition.onEvent(event(7_000), 0, output);
      partition.onEvent(junk(), 0, output);
      clock.advanceTime(Duration.ofSeconds(6));
      partition.onPeriodicEmit(output);
    }

    assertThat(sent).doesNotContain("idle").endsWith("watermark 7");
  }

  @Test
  void withoutATimeoutNoPartitionIsIdle() {
    partition = partition(Duration.ZERO);

    minute(junk());

    assertThat(sent).isEmpty();
  }
}
