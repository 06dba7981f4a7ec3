package io.nova.judge;

import io.nova.judge.Findings.Example;
import io.nova.judge.record.Reason;
import io.nova.workload.input.Cursor;
import io.nova.workload.input.FileMessages;
import io.nova.workload.input.Messages;
import io.nova.workload.topic.RejectedMessage;
import io.nova.workload.topic.RejectedTopic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * Compares the sent messages with the table and the rejected topic. It shares no code with the job:
 * it parses the records itself, and reads the table with Iceberg's generic reader. Messages and
 * table are read at the same time, on two threads. It needs about 150 bytes of memory for each
 * message. For one thread; one instance may judge several times.
 *
 * <p>After a handoff the rows of the batches that left are read from the batch layer's table. All
 * rules are about the rows of both tables.
 *
 * <p>It checks four rules:
 *
 * <ul>
 *   <li>Every row is a sent message, value by value, and every JSON property byte by byte.
 *   <li>No two rows of one identity lie within the dedup window, counted in blocks.
 *   <li>Every message without a row has a row of its identity within the window, or is on the
 *       rejected topic with a fitting reason.
 *   <li>No place, which is a Kafka position and an index, has two rows, or a row and a rejected
 *       record.
 * </ul>
 */
public final class Judge {
  private static final int PROGRESS_EVERY = 1_000;

  private static final Messages NONE = new FileMessages(List.of());

  private final Messages unread;

  /** A judge of a job that has read all messages. */
  public Judge() {
    this(NONE);
  }

  /**
   * A judge of a job that still reads.
   *
   * @param unread the messages on the topic that the job has not read; opened once
   */
  public Judge(Messages unread) {
    this.unread = unread;
  }

  /**
   * Reads all sent messages, every row of the table's current snapshot, and the rejected topic from
   * its beginning to its present end.
   *
   * @throws java.io.UncheckedIOException when a source cannot be read; the message names it
   * @throws IllegalArgumentException when the table does not exist or lacks a column
   * @throws org.apache.kafka.common.KafkaException when the rejected topic cannot be read
   */
  public Verdict judge(JudgeRequest request) {
    RejectedTopic topic = new RejectedTopic(request.brokers(), request.rejectedTopic());
    try (Cursor<RejectedMessage> rejected = topic.open()) {
      return judge(request, rejected);
    }
  }

  /** The same with rejected messages from elsewhere: in any order, some perhaps twice. */
  Verdict judge(JudgeRequest request, Iterator<RejectedMessage> rejected) {
    return new Trial(request, unread).judge(rejected);
  }

  /** One comparison. */
  private static final class Trial {
    private final JudgeRequest request;
    private final Messages notRead;
    private final Findings findings = new Findings();
    private final Positions positions = new Positions();
    private final SentMessages sent;
    private final AdmittedRows rows;
    private final Rejections rejections;

    Trial(JudgeRequest request, Messages notRead) {
      this.request = request;
      this.notRead = notRead;
      this.sent = new SentMessages(micros(request.blockInterval()), request.mapping());
      this.rows =
          new AdmittedRows(
              micros(request.blockInterval()), micros(request.batchLength()), positions, findings);
      this.rejections = new Rejections(sent, positions, findings);
    }

    Verdict judge(Iterator<RejectedMessage> rejected) {
      try (SentReading reading = SentReading.of(request.sent(), sent)) {
        readTables();
        TruncatedMessages truncated = new TruncatedMessages(request.brokers(), request.mapping());
        rejected.forEachRemaining(record -> rejections.add(truncated.whole(record)));
        reading.await(request.progress());
      }
      rejections.settle();
      UnreadMessages unread = new UnreadMessages(notRead, sent, request.mapping());
      Admissions admissions = new Admissions(sent, rows, request.windowBlocks(), findings, unread);
      admissions.compare();
      findMissingRejections(unread);
      return verdict(admissions.duplicates(), unread.found());
    }

    private void readTables() {
      readTable(
          "reading the table",
          SnapshotRows.of(request.warehouse(), request.mapping()),
          this::isOfJob);
      if (request.handedOff().isPresent()) {
        readTable(
            "reading the batch layer",
            SnapshotRows.ofBatchLayer(request.warehouse(), request.mapping()),
            this::isHandedOff);
      }
    }

    /** Whether the row belongs into the job's table; a row that was handed off is extra there. */
    private boolean isOfJob(StoredRow row) {
      if (isHandedOff(row)) {
        findings.add(
            Findings.EXTRA,
            "row %s: batch %d was handed off, but the job's table has the row"
                .formatted(row.position(), row.batchNumber()));
      }
      return !isHandedOff(row);
    }

    /** Nobody reads what the batch layer has of other batches. */
    private boolean isHandedOff(StoredRow row) {
      return request.handedOff().isPresent()
          && row.batchNumber() <= request.handedOff().getAsLong();
    }

    private void readTable(String stage, SnapshotRows table, Predicate<StoredRow> belongs) {
      OptionalLong total = table.count();
      table.forEach(
          row -> {
            if (belongs.test(row)) {
              rows.add(row);
            }
            if (rows.size() % PROGRESS_EVERY == 0) {
              request.progress().progress(stage, rows.size(), total);
            }
          });
    }

    private void findMissingRejections(UnreadMessages unread) {
      for (int message = 0; message < sent.size(); message++) {
        if (sent.faults(message) != 0
            && sent.outcome(message) == MessageOutcome.OPEN
            && !unread.take(message)) {
          findings.add(
              Findings.MISSING,
              message,
              "not on the rejected topic, expected there as " + Reason.words(sent.faults(message)));
        }
      }
    }

    private Verdict verdict(long duplicates, long unread) {
      return new Verdict(
          sent.size(),
          rows.size() + (long) rows.unidentified(),
          duplicates,
          rejections.byReason(),
          findings.count(Findings.MISSING),
          unread,
          findings.count(Findings.EXTRA),
          findings.count(Findings.CHANGED),
          findings.others(),
          examples());
    }

    private List<String> examples() {
      ArrayList<String> texts = new ArrayList<>();
      Map<Integer, String> heads = MessageHeads.of(request, findings.examples());
      for (Example example : findings.examples()) {
        String text = "%s: %s".formatted(example.name(), example.text());
        texts.add(
            example.message() < 0
                ? text
                : "%s; message %,d: %s"
                    .formatted(
                        text, example.message() + 1, heads.getOrDefault(example.message(), "")));
      }
      return texts;
    }

    private static long micros(Duration duration) {
      return duration.toNanos() / 1_000;
    }
  }
}
