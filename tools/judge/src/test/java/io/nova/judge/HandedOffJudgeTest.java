package io.nova.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.fixtures.Events;
import io.nova.fixtures.ListedMessages;
import io.nova.workload.input.Message;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.iceberg.FileFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The judge's verdict after a day has moved to the batch layer. */
class HandedOffJudgeTest {
  private static final long FIRST_DAY = LocalDate.of(2026, 11, 20).toEpochDay();
  private static final Events OF_FIRST_DAY = TestEvent.at("23:58").id("a");
  private static final Events OF_NEXT_DAY = TestEvent.at("2026-11-21 10:00:00").id("b");

  @TempDir private Path folder;
  private TestTable table;
  private TestTable batchLayer;
  private final List<Message> sent = new ArrayList<>();

  @BeforeEach
  void createTables() {
    table = new TestTable(folder);
    batchLayer = TestTable.ofBatchLayer(folder);
    sent.add(TestEvent.message(OF_FIRST_DAY));
    sent.add(TestEvent.message(OF_NEXT_DAY));
    table.append(FileFormat.PARQUET, List.of(table.row(OF_NEXT_DAY)));
  }

  @Test
  void rowsOfADayThatLeftAreThoseOfTheBatchLayer() {
    load(OF_FIRST_DAY);

    Verdict verdict = verdict();

    assertThat(verdict.holds()).as(verdict.toString()).isTrue();
    assertThat(verdict.admitted()).isEqualTo(2);
  }

  @Test
  void rowThatTheBatchLayerLacksIsMissing() {
    load(TestEvent.at("23:59").id("c"));
    sent.add(TestEvent.message(TestEvent.at("23:59").id("c")));

    assertThat(verdict().missing()).isEqualTo(1);
  }

  @Test
  void rowThatIsInBothTablesIsExtra() {
    load(OF_FIRST_DAY);
    table.append(FileFormat.PARQUET, List.of(table.row(OF_FIRST_DAY)));

    Verdict verdict = verdict();

    assertThat(verdict.extra()).isEqualTo(1);
    assertThat(verdict.examples()).anyMatch(text -> text.contains("was handed off"));
  }

  @Test
  void retryAfterMidnightIsADuplicateOfACopyThatLeft() {
    load(OF_FIRST_DAY);
    sent.add(TestEvent.message(TestEvent.at("2026-11-21 00:03:00").id("a")));

    Verdict verdict = verdict();

    assertThat(verdict.holds()).as(verdict.toString()).isTrue();
    assertThat(verdict.duplicates()).isEqualTo(1);
  }

  @Test
  void retryAfterMidnightBesideACopyThatLeftIsFound() {
    load(OF_FIRST_DAY);
    Events retry = TestEvent.at("2026-11-21 00:03:00").id("a");
    sent.add(TestEvent.message(retry));
    table.append(FileFormat.PARQUET, List.of(table.row(retry)));

    assertThat(verdict().broken()).containsOnlyKeys(Admissions.TWO_WITHIN_WINDOW);
  }

  @Test
  void rowsOfTheBatchLayerThatNobodyReadsDoNotCount() {
    load(OF_FIRST_DAY);
    load(OF_NEXT_DAY);

    assertThat(verdict().holds()).isTrue();
  }

  private void load(Events event) {
    batchLayer.append(FileFormat.PARQUET, List.of(batchLayer.row(event)));
  }

  private Verdict verdict() {
    JudgeRequest request =
        JudgeRequest.of(table.warehouse, new ListedMessages(sent), "", "").handedOffUpTo(FIRST_DAY);
    return new Judge().judge(request, Collections.emptyIterator());
  }
}
