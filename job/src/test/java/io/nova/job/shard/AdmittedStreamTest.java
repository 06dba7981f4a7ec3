package io.nova.job.shard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nova.fixtures.Events;
import io.nova.job.JobEvents;
import io.nova.job.JobWarehouse;
import io.nova.job.options.NovaSettings;
import io.nova.kafka.Admitted;
import io.nova.shard.ConflictRule;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdmittedStreamTest {
  private static final String RUN = "e27eec8e-0000-4000-8000-000000000001";

  @TempDir private Path folder;
  private NovaSettings settings;

  @BeforeEach
  void tableIsBorn() {
    settings = new JobWarehouse(folder).settingsWithAdmittedTopic();
  }

  private BlockHarness started() throws Exception {
    BlockHarness blocks = new BlockHarness(settings, 1, 0, null);
    blocks.generation(RUN);
    return blocks;
  }

  private static List<String> places(BlockHarness blocks) {
    return blocks.admitted().stream()
        .map(event -> "%s-%d-%d".formatted(event.topic, event.partition, event.offset))
        .toList();
  }

  private static List<String> generations(BlockHarness blocks) {
    return blocks.admitted().stream().map(event -> event.generation).toList();
  }

  @Test
  void anAdmittedEventGoesOutAtOnceWithItsBytesAndItsPlace() throws Exception {
    JobEvents event = JobEvents.at("10:02").from(1, 17);
    try (BlockHarness blocks = started()) {
      blocks.offer(event);

      Admitted sent = blocks.admitted().get(0);
      assertThat(places(blocks)).containsExactly("events-1-17");
      assertThat(new String(sent.original, UTF_8)).contains("\"event_type\":\"open\"");
      assertThat(sent.uploadMicros)
          .isEqualTo(LocalDate.parse(Events.DAY).toEpochDay() * 86_400_000_000L + 36_120_000_000L);
      assertThat(sent.batch).isEqualTo(LocalDate.parse(Events.DAY).toEpochDay());
      assertThat(sent.generation).isEqualTo(RUN);
    }
  }

  @Test
  void elementsOfOneMessageGoOutAtPlacesOfTheirOwn() throws Exception {
    try (BlockHarness blocks = started()) {
      blocks.offer(JobEvents.at("10:02").by("a").from(1, 17).element(0));
      blocks.offer(JobEvents.at("10:02").by("b").from(1, 17).element(1));

      assertThat(blocks.admitted())
          .extracting(event -> event.offset + "." + event.index)
          .containsExactly("17.0", "17.1");
      assertThat(blocks.admitted().get(1).envelope).isEmpty();
    }
  }

  @Test
  void copiesAndRejectedEventsStayAway() throws Exception {
    try (BlockHarness blocks = started()) {
      blocks.offer(JobEvents.at("10:02").from(1, 17));
      blocks.offer(JobEvents.at("10:03").from(2, 1));
      blocks.offer(JobEvents.at("10:03").from(2, 2).saying("{}").under(ConflictRule.REJECT));

      assertThat(places(blocks)).containsExactly("events-1-17");
    }
  }

  @Test
  void bothEventsOfAConflictThatItsPolicyKeepsGoOutUnderOneFingerprint() throws Exception {
    try (BlockHarness blocks = started()) {
      blocks.offer(JobEvents.at("10:02").from(1, 17));
      blocks.offer(JobEvents.at("10:03").from(2, 2).saying("{}").under(ConflictRule.KEEP_BOTH));

      assertThat(places(blocks)).containsExactly("events-1-17", "events-2-2");
      assertThat(blocks.admitted().get(1).low).isEqualTo(blocks.admitted().get(0).low);
    }
  }

  @Test
  void eventsThatComeBeforeTheGenerationWaitForItInTheirOrder() throws Exception {
    try (BlockHarness blocks = new BlockHarness(settings, 1, 0, null)) {
      blocks.offer(JobEvents.at("10:02").from(0, 1));
      blocks.offer(JobEvents.at("10:02").id("other").from(0, 2));
      assertThat(blocks.admitted()).isEmpty();

      blocks.generation(RUN);
      blocks.offer(JobEvents.at("10:02").id("third").from(0, 3));

      assertThat(places(blocks)).containsExactly("events-0-1", "events-0-2", "events-0-3");
      assertThat(generations(blocks)).containsOnly(RUN);
    }
  }

  /** What a checkpoint does not find on the topic would be missing there for ever. */
  @Test
  void noEventWaitsLongerThanUntilTheNextCheckpointOrADrain() throws Exception {
    try (BlockHarness blocks = new BlockHarness(settings, 1, 0, null)) {
      blocks.offer(JobEvents.at("10:02").from(0, 1));
      blocks.barrierComes(1);
      assertThat(places(blocks)).containsExactly("events-0-1");

      blocks.offer(JobEvents.at("10:02").id("other").from(0, 2));
      blocks.drain();
      assertThat(places(blocks)).containsExactly("events-0-1", "events-0-2");
      assertThat(generations(blocks)).containsOnly("");
    }
  }

  @Test
  void largeEventsDoNotWait() throws Exception {
    String large = "{\"k\":\"" + "v".repeat(AdmittedStream.MOST_WAITING_BYTES) + "\"}";
    try (BlockHarness blocks = new BlockHarness(settings, 1, 0, null)) {
      blocks.offer(JobEvents.at("10:02").from(0, 1).saying(large));

      assertThat(places(blocks)).containsExactly("events-0-1");
    }
  }

  /** Each waiting element holds a copy of its envelope. */
  @Test
  void smallElementsWithLargeEnvelopesDoNotWait() throws Exception {
    int half = AdmittedStream.MOST_WAITING_BYTES / 2;
    try (BlockHarness blocks = new BlockHarness(settings, 1, 0, null)) {
      blocks.offer(JobEvents.at("10:02").by("a").from(0, 1).element(0, half));
      assertThat(blocks.admitted()).isEmpty();

      blocks.offer(JobEvents.at("10:02").by("b").from(0, 1).element(1, half));
      assertThat(blocks.admitted()).hasSize(2);
    }
  }

  @Test
  void withoutTheTopicNothingGoesOut() throws Exception {
    NovaSettings quiet = new JobWarehouse(folder.resolve("quiet")).settings;
    try (BlockHarness blocks = new BlockHarness(quiet, 1, 0, null)) {
      blocks.generation(RUN);
      blocks.offer(JobEvents.at("10:02"));

      assertThat(blocks.admitted()).isEmpty();
    }
  }
}
