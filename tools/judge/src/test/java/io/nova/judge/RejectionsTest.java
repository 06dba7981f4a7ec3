package io.nova.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.workload.topic.RejectedMessage;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RejectionsTest {
  @Test
  void aTruncatedRecordWhoseMessageIsGoneIsAFindingAndNoExtraRow() {
    Findings findings = new Findings();

    new Rejections(new Positions(), findings)
        .add(new RejectedMessage("not_json", "events", 1, 2, 0, Instant.EPOCH, null, null, true));

    assertThat(findings.others()).containsEntry("truncated, and no longer on its topic", 1L);
    assertThat(findings.count(Findings.EXTRA)).isZero();
  }
}
