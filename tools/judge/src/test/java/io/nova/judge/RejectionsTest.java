package io.nova.judge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nova.judge.record.RecordMapping;
import io.nova.workload.input.Message;
import io.nova.workload.topic.RejectedMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RejectionsTest {
  @TempDir private Path folder;

  /** The source keeps the envelope of elements that it rejects, a shard does not have it. */
  @Test
  void anEnvelopeThatNoPointerReadsIsNotCompared() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("mapping.json"),
            "{\"version\":1,\"each\":\"/batch\",\"app\":\"/app\",\"upload_time\":\"/t\","
                + "\"id\":\"/id\",\"identity\":[\"insert_id\"]}");
    SentMessages sent = new SentMessages(300_000_000, RecordMapping.of(file.toString()));
    sent.add(new Message("{\"key\":1,\"batch\":[{},{}]}".getBytes(UTF_8), 0, 0));
    Findings findings = new Findings();
    Rejections rejections = new Rejections(sent, new Positions(), findings);
    for (String envelope : List.of("{\"key\":1,\"batch\":[]}", "")) {
      rejections.add(
          new RejectedMessage(
              "app_missing",
              "events",
              0,
              0,
              envelope.length(),
              Instant.EPOCH,
              "{}".getBytes(UTF_8),
              envelope.getBytes(UTF_8),
              false));
    }
    rejections.settle();

    assertThat(findings.count(Findings.EXTRA)).isZero();
  }

  @Test
  void aTruncatedRecordWhoseMessageIsGoneIsAFindingAndNoExtraRow() {
    Findings findings = new Findings();

    new Rejections(
            new SentMessages(300_000_000, RecordMapping.AMPLITUDE), new Positions(), findings)
        .add(new RejectedMessage("not_json", "events", 1, 2, 0, Instant.EPOCH, null, null, true));

    assertThat(findings.others()).containsEntry("truncated, and no longer on its topic", 1L);
    assertThat(findings.count(Findings.EXTRA)).isZero();
  }
}
