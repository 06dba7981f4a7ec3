package io.nova.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.fixtures.Events;
import io.nova.fixtures.ListedMessages;
import io.nova.workload.input.Message;
import io.nova.workload.topic.RejectedMessage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.data.Record;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JudgeTest {
  @TempDir private Path folder;
  private TestTable table;
  private final List<Message> sent = new ArrayList<>();
  private final List<Record> rows = new ArrayList<>();
  private final List<RejectedMessage> rejected = new ArrayList<>();

  @BeforeEach
  void createTable() {
    table = new TestTable(folder);
  }

  @Test
  void faithfulTableHolds() {
    admit(TestEvent.at("10:02").id("a"));
    admit(TestEvent.at("10:07").id("b"));
    sent.add(TestEvent.message(TestEvent.at("10:02").id("a")));
    reject("broken", "not_json");

    Verdict verdict = verdict();

    assertThat(verdict.holds()).as(verdict.toString()).isTrue();
    assertThat(verdict.sent()).isEqualTo(4);
    assertThat(verdict.admitted()).isEqualTo(2);
    assertThat(verdict.duplicates()).isEqualTo(1);
    assertThat(verdict.rejected()).containsEntry("not_json", 1L);
    assertThat(verdict.rejectedTotal()).isEqualTo(1);
  }

  @Test
  void rowThatIsNotThereIsMissing() {
    admit(TestEvent.at("10:02").id("a"));
    sent.add(TestEvent.message(TestEvent.at("10:02").id("b")));

    Verdict verdict = verdict();

    assertThat(verdict.missing()).isEqualTo(1);
    assertThat(verdict.holds()).isFalse();
    assertThat(verdict.examples()).singleElement().asString().contains("message 2", "insert id b");
  }

  @Test
  void messagesThatTheJobHasNotReadAreNotMissing() {
    admit(TestEvent.at("10:02").id("a"));
    Message unread = TestEvent.message(TestEvent.at("10:02").id("b"));
    Message broken = new Message("broken".getBytes(StandardCharsets.UTF_8), 0, 0);
    sent.addAll(List.of(unread, broken));

    Verdict verdict = verdict(new Judge(new ListedMessages(List.of(unread, broken))));

    assertThat(verdict.missing()).isZero();
    assertThat(verdict.unread()).isEqualTo(2);
    assertThat(verdict.holdsSoFar()).isTrue();
    assertThat(verdict.holds()).isFalse();
  }

  @Test
  void aMessageIsUnreadOnlyAsOftenAsTheTopicHasIt() {
    Message twice = TestEvent.message(TestEvent.at("10:02").id("b"));
    sent.addAll(List.of(twice, twice));

    assertThat(verdict(new Judge(new ListedMessages(List.of(twice)))).missing()).isEqualTo(1);
  }

  @Test
  void anAdmittedMessageIsNotUnread() {
    admit(TestEvent.at("10:02").id("a"));

    assertThat(verdict(new Judge(new ListedMessages(sent))).holds()).isTrue();
  }

  @Test
  void rowThatNobodySentIsExtra() {
    admit(TestEvent.at("10:02").id("a"));
    rows.add(table.row(TestEvent.at("10:02").id("b")));

    assertThat(verdict().extra()).isEqualTo(1);
  }

  @Test
  void copyAdmittedMoreOftenThanSentIsExtra() {
    admit(TestEvent.at("10:02").id("a"));
    rows.add(table.row(TestEvent.at("10:02").id("a")));

    Verdict verdict = verdict();

    assertThat(verdict.extra()).isEqualTo(1);
    assertThat(verdict.changed()).isZero();
  }

  @Test
  void twoAdmittedCopiesWithinTheWindowAreFound() {
    admit(TestEvent.at("10:02").id("a"));
    admit(TestEvent.at("10:14").id("a"));

    assertThat(verdict().broken()).containsEntry(Admissions.TWO_WITHIN_WINDOW, 1L);
  }

  @Test
  void twoAdmittedCopiesJustOutsideTheWindowAreFine() {
    admit(TestEvent.at("10:02").id("a"));
    admit(TestEvent.at("10:15").id("a"));

    assertThat(verdict().holds()).isTrue();
  }

  @Test
  void copyLeftOutTooFarFromTheAdmittedOneIsMissing() {
    admit(TestEvent.at("10:02").id("a"));
    sent.add(TestEvent.message(TestEvent.at("10:15").id("a")));

    Verdict verdict = verdict();

    assertThat(verdict.missing()).isEqualTo(1);
    assertThat(verdict.duplicates()).isZero();
    assertThat(verdict.examples()).singleElement().asString().contains("too far away");
  }

  @Test
  void copyLeftOutBeforeTheAdmittedOneIsADuplicate() {
    admit(TestEvent.at("10:14").id("a"));
    sent.add(TestEvent.message(TestEvent.at("10:02").id("a").with("user_id", "\"after login\"")));

    Verdict verdict = verdict();

    assertThat(verdict.holds()).isTrue();
    assertThat(verdict.duplicates()).isEqualTo(1);
  }

  @Test
  void oneByteOfAPropertyMakesARowChanged() {
    Events event = TestEvent.at("10:02").id("a");
    admit(event);
    rows.get(0).setField("event_properties", "{\"price\": 1.5}");

    Verdict verdict = verdict();

    assertThat(verdict.changed()).isEqualTo(1);
    assertThat(verdict.missing()).isZero();
    assertThat(verdict.extra()).isZero();
  }

  @Test
  void valueInExtraThatFitsItsColumnIsAChange() {
    admit(TestEvent.at("10:02").id("a").with("city", "\"Berlin\""));
    rows.get(0).setField("city", null);
    rows.get(0).setField("extra", "{\"city\":\"Berlin\"}");

    assertThat(verdict().changed()).isEqualTo(1);
  }

  @Test
  void valuesWithoutAFittingColumnAreFoundInExtra() {
    Events event =
        TestEvent.at("10:02")
            .id("a")
            .with("paying", "\"true\"")
            .with("$unknown", "[1, 2]")
            .with("caf\\u00e9", "null");
    sent.add(TestEvent.message(event));
    rows.add(table.row(event.without("paying")));
    rows.get(0).setField("extra", "{\"$unknown\":[1, 2],\"paying\":\"true\",\"caf\u00e9\":null}");

    Verdict verdict = verdict();

    assertThat(verdict.holds()).as(verdict.toString()).isTrue();
  }

  @Test
  void goodMessageRejectedForItsSyntaxHasTheWrongReason() {
    reject(new String(TestEvent.at("10:02").id("a").json(), StandardCharsets.UTF_8), "not_json");

    assertThat(verdict().broken()).containsEntry("wrong reason", 1L);
  }

  @Test
  void badMessageRejectedForAnotherReasonIsFound() {
    reject("[]", "not_json");

    assertThat(verdict().broken()).containsEntry("wrong reason", 1L);
  }

  @Test
  void goodMessageMayBeTooLate() {
    reject(new String(TestEvent.at("10:02").id("a").json(), StandardCharsets.UTF_8), "too_late");

    assertThat(verdict().holds()).isTrue();
  }

  @Test
  void messageRejectedOnceAndAdmittedByItsReplayHolds() {
    Events event = TestEvent.at("10:02").id("a");
    reject(new String(event.json(), StandardCharsets.UTF_8), "too_early");
    admit(event); // the replay is one more message that was sent

    Verdict verdict = verdict();

    assertThat(verdict.holds()).as(verdict.toString()).isTrue();
    assertThat(verdict.sent()).isEqualTo(2);
    assertThat(verdict.rejectedTotal()).isEqualTo(1);
    assertThat(verdict.admitted()).isEqualTo(1);
  }

  @Test
  void messageRejectedAgainByItsReplayHolds() {
    reject("[]", "not_an_object");
    reject("[]", "not_an_object");

    assertThat(verdict().holds()).isTrue();
  }

  @Test
  void messageRejectedAndAdmittedWithoutAReplayIsExtra() {
    Events event = TestEvent.at("10:02").id("a");
    reject(new String(event.json(), StandardCharsets.UTF_8), "too_early");
    rows.add(table.row(event));

    assertThat(verdict().extra()).isEqualTo(1);
  }

  @Test
  void rejectedRecordWithoutAReasonIsFound() {
    reject("[]", "");

    Verdict verdict = verdict();

    assertThat(verdict.broken()).containsEntry("rejected without a known reason", 1L);
    assertThat(verdict.rejected()).containsEntry("(none)", 1L);
  }

  @Test
  void badMessageThatIsNowhereIsMissing() {
    sent.add(new Message(new byte[0], 0, Message.UNKNOWN_TIME));
    sent.add(new Message(null, 0, Message.UNKNOWN_TIME));

    Verdict verdict = verdict();

    assertThat(verdict.missing()).isEqualTo(2);
    assertThat(verdict.examples()).anyMatch(text -> text.contains("null_value"));
  }

  @Test
  void rejectedRecordThatNobodySentIsExtra() {
    reject("[]", "not_an_object");
    sent.clear();

    assertThat(verdict().extra()).isEqualTo(1);
  }

  @Test
  void rejectedRecordToldTwiceCountsOnce() {
    reject("[]", "not_an_object");
    rejected.add(rejected.get(0));

    Verdict verdict = verdict();

    assertThat(verdict.holds()).isTrue();
    assertThat(verdict.rejectedTotal()).isEqualTo(1);
  }

  @Test
  void positionAdmittedAndRejectedIsFound() {
    admit(TestEvent.at("10:02").id("a"));
    rejected.add(rejection("[]".getBytes(StandardCharsets.UTF_8), "not_an_object", 0, 0));

    assertThat(verdict().broken()).containsKey("position admitted and rejected");
  }

  @Test
  void oneReadingAdmittedAsTwoRowsIsFound() {
    admit(TestEvent.at("10:02").id("a"));
    admit(TestEvent.at("10:02").id("b"));
    rows.get(1).setField("kafka_offset", 0L);

    assertThat(verdict().broken()).containsEntry("position admitted twice", 1L);
  }

  @Test
  void wrongUserBatchAndShardAreFound() {
    admit(TestEvent.at("10:02").id("a"));
    admit(TestEvent.at("10:15").id("a"));
    rows.get(0).setField("user", "d");
    rows.get(1).setField("shard", 8);
    rows.get(1).setField("batch_number", 1L);

    assertThat(verdict().broken())
        .containsOnlyKeys("wrong user", "one identity in two shards", "wrong batch number");
  }

  @Test
  void tableThatIsNotThereIsNamed() {
    JudgeRequest request = JudgeRequest.of("/nowhere", new ListedMessages(sent), "", "");

    assertThatThrownBy(() -> new Judge().judge(request, Collections.emptyIterator()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("/nowhere/nova/events");
  }

  private void admit(Events event) {
    sent.add(TestEvent.message(event));
    rows.add(table.row(event));
  }

  private void reject(String value, String reason) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    sent.add(new Message(bytes, 0, Message.UNKNOWN_TIME));
    rejected.add(rejection(bytes, reason, 1, rejected.size()));
  }

  private static RejectedMessage rejection(byte[] value, String reason, int partition, int offset) {
    return new RejectedMessage(reason, "events", partition, offset, Instant.EPOCH, value);
  }

  private Verdict verdict() {
    return verdict(new Judge());
  }

  private Verdict verdict(Judge judge) {
    if (!rows.isEmpty()) {
      table.append(FileFormat.AVRO, rows);
    }
    JudgeRequest request = JudgeRequest.of(table.warehouse, new ListedMessages(sent), "", "");
    return judge.judge(request, rejected.iterator());
  }
}
