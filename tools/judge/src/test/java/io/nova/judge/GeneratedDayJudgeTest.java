package io.nova.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.judge.record.Content;
import io.nova.judge.record.Digest;
import io.nova.judge.record.ExportKey;
import io.nova.judge.record.ExportKeys;
import io.nova.judge.record.Reason;
import io.nova.judge.record.SentReader;
import io.nova.judge.record.SentRecord;
import io.nova.workload.generate.GeneratedMessages;
import io.nova.workload.generate.GeneratorOptions;
import io.nova.workload.input.Message;
import io.nova.workload.input.MessageCursor;
import io.nova.workload.topic.RejectedMessage;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.data.Record;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A generated day through a small model of the job, which keeps every rule or breaks one. */
class GeneratedDayJudgeTest {
  private static final long BLOCK_MICROS = 300_000_000L;

  @TempDir private Path folder;
  private TestTable table;
  private final GeneratedMessages day =
      new GeneratedMessages(GeneratorOptions.day(11, 20_000, LocalDate.of(2026, 3, 2), 4));
  private final List<Record> rows = new ArrayList<>();
  private final List<RejectedMessage> rejected = new ArrayList<>();

  @BeforeEach
  void run() {
    table = new TestTable(folder);
    SentReader reader = new SentReader();
    Digest digest = new Digest();
    Map<Digest.Words, TreeSet<Long>> admitted = new HashMap<>();
    try (MessageCursor messages = day.open()) {
      for (long offset = 0; messages.hasNext(); offset++) {
        Message message = messages.next();
        SentRecord record = reader.read(message.value());
        Content content = record.content();
        if (content == null) {
          reject(message, record.faults().iterator().next(), offset);
          continue;
        }
        Long upload = content.uploadMicros().orElseThrow();
        if (upload < 1_600_000_000_000_000L || upload > 4_000_000_000_000_000L) {
          reject(message, upload > 4e15 ? Reason.TOO_EARLY : Reason.TOO_LATE, offset);
          continue;
        }
        long block = Math.floorDiv(upload, BLOCK_MICROS);
        TreeSet<Long> blocks =
            admitted.computeIfAbsent(content.identity(digest).orElseThrow(), w -> new TreeSet<>());
        if (blocks.subSet(block - 2, block + 3).isEmpty()) {
          blocks.add(block);
          rows.add(row(content, message.partition(), offset));
        }
      }
    }
  }

  @Test
  void faithfulJobHoldsInAvroAndParquet() {
    table.appendFile(FileFormat.AVRO, rows.subList(0, rows.size() / 2));
    table.appendFile(FileFormat.PARQUET, rows.subList(rows.size() / 2, rows.size()));

    Verdict verdict = verdict();

    assertThat(verdict.holds()).as(verdict.toString()).isTrue();
    assertThat(verdict.sent()).isEqualTo(20_000);
    assertThat(verdict.admitted() + verdict.duplicates() + verdict.rejectedTotal())
        .isEqualTo(20_000);
    assertThat(verdict.duplicates()).isGreaterThan(1_000);
  }

  @Test
  void eachOfManyBreaksIsCounted() {
    ArrayList<Record> kept = new ArrayList<>();
    int breaks = 0;
    for (int i = 0; i < rows.size(); i++) {
      if (i % 1_000 != 0) {
        kept.add(rows.get(i));
      } else if (i % 2_000 == 0) {
        breaks++;
        kept.add(rows.get(i));
        rows.get(i).setField("event_type", "forged");
      } else {
        breaks++;
      }
    }
    table.appendFile(FileFormat.PARQUET, kept);

    Verdict verdict = verdict();

    assertThat(verdict.changed() + verdict.missing()).isEqualTo(breaks);
    assertThat(verdict.changed()).isEqualTo((rows.size() + 1_999) / 2_000);
    assertThat(verdict.extra()).isZero();
  }

  private void reject(Message message, Reason reason, long offset) {
    rejected.add(
        new RejectedMessage(
            reason.text(), "events", message.partition(), offset, Instant.EPOCH, message.value()));
  }

  private Record row(Content content, int partition, long offset) {
    Record row = table.emptyRow();
    Long upload = content.uploadMicros().orElseThrow();
    row.setField("batch_number", Math.floorDiv(upload, 288 * BLOCK_MICROS));
    row.setField("shard", 0);
    row.setField("kafka_topic", "events");
    row.setField("kafka_partition", partition);
    row.setField("kafka_offset", offset);
    row.setField("kafka_index", 0);
    row.setField("user", content.user().orElse(null));
    for (ExportKey key : ExportKeys.ALL) {
      Object value = content.get(key);
      row.setField(key.column(), key.fit() == ExportKey.Fit.TIME ? time(value) : value);
    }
    row.setField("extra", content.extraJson());
    return row;
  }

  private static OffsetDateTime time(Object micros) {
    return micros == null
        ? null
        : OffsetDateTime.of(1970, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC)
            .plus((Long) micros, ChronoUnit.MICROS);
  }

  private Verdict verdict() {
    return new Judge().judge(JudgeRequest.of(table.warehouse, day, "", ""), rejected.iterator());
  }
}
