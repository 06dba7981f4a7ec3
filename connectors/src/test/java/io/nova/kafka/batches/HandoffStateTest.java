package io.nova.kafka.batches;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.event.Micros;
import io.nova.handoff.BatchAnswer;
import io.nova.handoff.BatchRequest;
import io.nova.handoff.HandoffState;
import io.nova.handoff.HandoffState.AnsweredClose;
import io.nova.handoff.OpenRequest;
import io.nova.handoff.PartitionState;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class HandoffStateTest {
  private static final HandoffState STATE =
      new HandoffState(
          1,
          "Rtlcbi8FTmCEHJ5HRnlO5A",
          7,
          20513,
          "nova",
          List.of(
              new PartitionState(0, 1_772_445_600_000_000L, 1_772_442_000_000_000L, 17, null),
              new PartitionState(1, Micros.UNKNOWN, Micros.UNKNOWN, 0, 0L)),
          List.of(new AnsweredClose(20514, "alice", Map.of(0, 42L))),
          List.of(
              new OpenRequest(
                  "r1", 6, BatchRequest.close(20514, false, List.of(3), "bob", 1), null),
              new OpenRequest("r2", 7, null, BatchAnswer.refused("r2", null, "no", 2))));

  private static byte[] golden() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            HandoffStateTest.class.getResourceAsStream("/formats/handoff-state-v1.json"))) {
      return in.readAllBytes();
    }
  }

  @Test
  void versionOneIsReadAndWritten() throws Exception {
    assertThat(HandoffState.read(golden())).isEqualTo(STATE);
    assertThat(new String(STATE.write(), StandardCharsets.UTF_8))
        .isEqualTo(new String(golden(), StandardCharsets.UTF_8));
  }

  @Test
  void anotherVersionIsNamed() throws Exception {
    String two = new String(golden(), StandardCharsets.UTF_8).replaceFirst("1", "2");

    assertThatThrownBy(() -> HandoffState.read(two.getBytes(StandardCharsets.UTF_8)))
        .hasStackTraceContaining("version 2 found, 1 expected");
  }
}
