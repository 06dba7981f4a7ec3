package io.nova.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.handoff.AuditFigures;
import io.nova.handoff.BatchRequest;
import io.nova.kafka.batches.client.BatchAudit;
import io.nova.kafka.batches.client.BatchResult;
import io.nova.kafka.batches.client.LateEvent;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchLinesTest {
  private static final Instant TIME = Instant.parse("2026-11-21T10:00:00.000001Z");

  @Test
  void aResultHasItsStateLinkAndRequest() {
    BatchRequest close = BatchRequest.close(5, false, List.of(), "me", 0);
    BatchResult result = new BatchResult(BatchResult.State.CLOSED, "request-1", 5L, "link-1", "");

    assertThat(BatchLines.text("2026-11-21", close, result))
        .containsExactly("batch 2026-11-21: closed", "  link     link-1", "  request  request-1");
    assertThat(BatchLines.json("2026-11-21", result))
        .containsExactly(
            "{\"batch\":\"2026-11-21\",\"state\":\"closed\",\"link\":\"link-1\",\"request\":\"request-1\",\"detail\":\"\"}");
  }

  @Test
  void aRequestWithoutABatchIsNamedByItsKind() {
    BatchResult result = new BatchResult(BatchResult.State.RETIRED, "r", null, null, "");

    assertThat(BatchLines.text("", BatchRequest.retire(3, "me", 0), result).get(0))
        .isEqualTo("partition 3: retired");
    assertThat(BatchLines.text("", BatchRequest.expire("me", 0), result).get(0))
        .isEqualTo("expire: retired");
  }

  @Test
  void anAuditEndsWithItsTotal() {
    BatchAudit.Result audit =
        new BatchAudit.Result(
            List.of(new BatchAudit.Line(7, TIME, 2, "aa")), new AuditFigures(2, "aa"));

    assertThat(BatchLines.text(audit)).hasSize(3);
    assertThat(BatchLines.text(audit).get(2)).startsWith("total").endsWith("aa");
    assertThat(BatchLines.json(audit))
        .containsExactly(
            "{\"app\":7,\"hour\":\"2026-11-21T10:00:00.000001Z\",\"rows\":2,\"digest\":\"aa\"}",
            "{\"rows\":2,\"digest\":\"aa\"}");
  }

  @Test
  void lateEventsSayWhetherTheyMayBeCopies() {
    List<LateEvent> late =
        List.of(new LateEvent("too_late", true, TIME, "events", 3, 17, 0, null, "{}"));

    assertThat(BatchLines.lateText(late).get(0)).contains("may be copy").endsWith("events-3 at 17");
    assertThat(BatchLines.lateJson(late).get(0))
        .contains("\"mayBeCopy\":true")
        .contains("\"original\":\"{}\"")
        .doesNotContain("envelope");
  }

  @Test
  void aLateElementIsListedWithItsEnvelope() {
    LateEvent late =
        new LateEvent("too_late", true, TIME, "events", 3, 17, 2, "{\"batch\":[]}", "{}");

    assertThat(BatchLines.lateJson(List.of(late)).get(0))
        .contains("\"index\":2")
        .endsWith("\"original\":\"{}\",\"envelope\":\"{\\\"batch\\\":[]}\"}");
  }
}
