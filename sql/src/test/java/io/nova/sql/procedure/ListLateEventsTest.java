package io.nova.sql.procedure;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.kafka.batches.client.LateEvent;
import java.time.Instant;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.Test;

class ListLateEventsTest {
  private static final Instant UPLOAD = Instant.parse("2026-11-21T10:02:00Z");

  @Test
  void aLateElementIsListedWithItsEnvelope() {
    LateEvent late =
        new LateEvent("too_late", true, UPLOAD, "events", 3, 17, 2, "{\"batch\":[]}", "{}");

    assertThat(ListLateEvents.row(late))
        .isEqualTo(Row.of("too_late", true, UPLOAD, "events", 3, 17L, 2, "{}", "{\"batch\":[]}"));
  }
}
