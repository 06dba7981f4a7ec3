package io.nova.console.ask.topic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.console.ask.AskDatabase;
import io.nova.console.ask.AskException;
import io.nova.console.ask.AskException.Kind;
import io.nova.console.ask.AskedJob;
import io.nova.console.ask.LoadWait;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A topic as a table: which rows it has, and that questions see a stable set of them. */
class AskedTopicTest {
  private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
  private static final TopicLimits LIMITS = new TopicLimits(Duration.ofHours(24), 1_000, 1 << 20);
  private static final String OFFSETS = "kafka_offset";

  @TempDir private Path folder;
  private final List<AskedTopic> tables = new ArrayList<>();
  private final TopicInMemory log = new TopicInMemory("rejected", 2);
  private AskDatabase database;
  private Instant now = NOON;
  private AskedTopic rejected;

  @BeforeEach
  void start() throws Exception {
    database = AskedJob.database(folder);
    rejected = table(log, new RejectedForm(), LIMITS);
  }

  @AfterEach
  void stop() {
    tables.forEach(AskedTopic::close);
    database.close();
  }

  private AskedTopic table(TopicInMemory topic, TopicForm form, TopicLimits limits)
      throws Exception {
    AskedTopic table =
        new AskedTopic(
            topic.name,
            "nowhere:1",
            form,
            limits,
            database.connect(),
            topic::consumer,
            Duration.ZERO,
            () -> now);
    tables.add(table);
    return table;
  }

  private static TopicCut use(AskedTopic table) throws AskException {
    return table.use(LoadWait.of(Duration.ofSeconds(30)));
  }

  private List<String> rows(TopicCut cut, String expression) throws Exception {
    List<String> rows = new ArrayList<>();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery("SELECT %s FROM (%s)".formatted(expression, cut.select()))) {
      while (result.next()) {
        rows.add(result.getString(1));
      }
    }
    return rows;
  }

  private List<String> rows(AskedTopic table, String expression) throws Exception {
    TopicCut cut = use(table);
    try {
      return rows(cut, expression);
    } finally {
      table.release(cut);
    }
  }

  private String bound(AskedTopic table) throws AskException {
    TopicCut cut = use(table);
    table.release(cut);
    return cut.bound();
  }

  private void reject(int partition, Instant at, long offset) {
    log.reject(partition, at, offset, 0, ("m" + offset).getBytes(UTF_8));
  }

  @Test
  void aRowHasThePlaceTheReasonAndTheBytes() throws Exception {
    List<byte[]> originals =
        List.of(
            "{\"a\": \"ä \uD83D\uDE00\"}".getBytes(UTF_8),
            new byte[] {(byte) 0xff, 0, 'x', (byte) 0xc3},
            new byte[] {'a', 0, 'b'},
            new byte[0]);
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < originals.size(); i++) {
      log.reject(0, NOON.minusMillis(i), 70 + i, i, originals.get(i));
      expected.add(
          "not_json/at %s/events/2/%d/%d/%d/%s/%s"
              .formatted(
                  NOON.minusMillis(i),
                  70 + i,
                  i,
                  NOON.minusMillis(i).toEpochMilli(),
                  HexFormat.of().withUpperCase().formatHex(originals.get(i)),
                  HexFormat.of()
                      .withUpperCase()
                      .formatHex(new String(originals.get(i), UTF_8).getBytes(UTF_8))));
    }
    assertThat(
            rows(
                rejected,
                "concat_ws('/', reason, detail, kafka_topic, kafka_partition, kafka_offset,"
                    + " kafka_index, epoch_ms(rejected_at), hex(original), hex(original_text))"))
        .containsExactlyInAnyOrderElementsOf(expected);
    log.reject(0, NOON, 99, 0, null);
    assertThat(rows(rejected, "original IS NULL AND original_text IS NULL AND kafka_offset = 99"))
        .containsOnlyOnce("true");
    assertThat(bound(rejected)).isEqualTo("rejected: the last 24 h, 5 rows.");
  }

  @Test
  void aRecordWithForeignHeadersIsARow() throws Exception {
    RecordHeaders headers = new RecordHeaders();
    headers.add("reason", null);
    headers.add("partition", "two".getBytes(UTF_8));
    headers.add("offset", "99999999999999999999".getBytes(UTF_8));
    headers.add("index", new byte[] {(byte) 0xff});
    log.add(0, NOON, headers, "x".getBytes(UTF_8));
    assertThat(
            rows(
                rejected,
                "coalesce(reason, '-') || coalesce(kafka_topic, '-') ||"
                    + " coalesce(kafka_partition::VARCHAR, '-') || coalesce(kafka_offset::VARCHAR,"
                    + " '-') || kafka_index || original_text"))
        .containsExactly("----0x");
  }

  @Test
  void aLaterRecordReplacesTheOneThatItRepeats() throws Exception {
    log.reject(0, NOON, 1, 0, "first".getBytes(UTF_8));
    log.reject(0, NOON, 1, 1, "another element".getBytes(UTF_8));
    log.reject(0, NOON, 2, 0, "in one load".getBytes(UTF_8));
    log.reject(0, NOON, 2, 0, "in one load again".getBytes(UTF_8));
    assertThat(rows(rejected, "original_text"))
        .containsExactlyInAnyOrder("first", "another element", "in one load again");
    log.reject(0, NOON, 1, 0, "again".getBytes(UTF_8));
    assertThat(rows(rejected, "original_text"))
        .containsExactlyInAnyOrder("again", "another element", "in one load again");
  }

  @Test
  void aCutStaysTheSameDuringLaterLoads() throws Exception {
    reject(0, NOON.minus(Duration.ofHours(23)), 1);
    log.reject(0, NOON, 2, 0, "two".getBytes(UTF_8));
    TopicCut before = use(rejected);
    log.reject(0, NOON, 2, 0, "two again".getBytes(UTF_8));
    now = NOON.plus(Duration.ofHours(2));
    for (int i = 10; i < 1_500; i++) {
      reject(1, now, i);
    }
    assertThat(rows(rejected, OFFSETS)).hasSize(900);
    assertThat(rows(rejected, OFFSETS)).hasSize(900);
    assertThat(rows(before, "original_text")).containsExactlyInAnyOrder("m1", "two");
    rejected.release(before);
  }

  @Test
  void eachRecordIsReadOnce() throws Exception {
    for (int i = 0; i < 600; i++) {
      reject(i % 2, NOON, i);
    }
    assertThat(rows(rejected, OFFSETS)).hasSize(600);
    assertThat(log.given).isEqualTo(600);
    TopicCut before = use(rejected);
    rejected.release(before);
    reject(1, NOON, 600);
    assertThat(rows(rejected, OFFSETS)).hasSize(601).doesNotHaveDuplicates();
    assertThat(log.given).isEqualTo(601);
    assertThat(before.load()).isLessThan(use(rejected).load());
  }

  @Test
  void rowsAreThoseOfTheLast24Hours() throws Exception {
    for (int i = 0; i < 400; i++) {
      reject(i % 2, NOON.minus(Duration.ofHours(40)).plus(Duration.ofMinutes(6L * i)), i);
    }
    assertThat(rows(rejected, OFFSETS)).containsExactlyInAnyOrderElementsOf(offsets(160, 400));
    assertThat(log.given).isEqualTo(240);
    assertThat(bound(rejected)).isEqualTo("rejected: the last 24 h, 240 rows.");
    now = NOON.plus(Duration.ofHours(1));
    assertThat(rows(rejected, OFFSETS)).containsExactlyInAnyOrderElementsOf(offsets(170, 400));
  }

  private static List<String> offsets(int from, int to) {
    List<String> offsets = new ArrayList<>();
    for (int i = from; i < to; i++) {
      offsets.add(Integer.toString(i));
    }
    return offsets;
  }

  @Test
  void aFullTableHasTheNewestRows() throws Exception {
    Instant first = NOON.minusSeconds(10_000);
    for (int i = 0; i < 5_000; i++) {
      reject(i % 3 == 0 ? 0 : 1, first.plusSeconds(2L * i), i);
    }
    List<String> loaded = rows(rejected, OFFSETS);
    assertThat(loaded)
        .hasSizeBetween(900, 1_000)
        .containsExactlyInAnyOrderElementsOf(offsets(5_000 - loaded.size(), 5_000));
    assertThat(log.given).isLessThan(1_010);
    assertThat(bound(rejected))
        .startsWith("rejected: the last %,d rows, after 2026-11-20T11:".formatted(loaded.size()))
        .endsWith(". At most 1,000 rows and 1 MB are held.");
    for (int i = 5_000; i < 5_700; i++) {
      reject(0, NOON, i);
    }
    loaded = rows(rejected, OFFSETS);
    assertThat(loaded)
        .hasSizeBetween(900, 1_000)
        .containsExactlyInAnyOrderElementsOf(offsets(5_700 - loaded.size(), 5_700));
  }

  @Test
  void manyRecordsOfOneMomentAreBoundedToo() throws Exception {
    for (int i = 0; i < 5_000; i++) {
      reject(0, NOON, i);
    }
    assertThat(rows(rejected, OFFSETS)).hasSizeBetween(900, 1_000).contains("4999");
    assertThat(log.given).isLessThanOrEqualTo(1_000);
  }

  @Test
  void theOldestRowsLeaveWhenMessagesAreLarge() throws Exception {
    byte[] original = new byte[50_000];
    Arrays.fill(original, (byte) 'x');
    for (int i = 0; i < 60; i++) {
      log.reject(0, NOON.minusSeconds(100 - i), i, 0, original);
    }
    assertThat(rows(rejected, OFFSETS))
        .hasSizeBetween(15, 20)
        .contains("59")
        .allMatch(offset -> Integer.parseInt(offset) >= 40);
    assertThat(bound(rejected)).contains("At most 1,000 rows and 1 MB are held.");
  }

  @Test
  void longMessagesAreCutAtAWholeCharacter() throws Exception {
    String letters = "x".repeat(TopicForm.LONGEST_BYTES - 1);
    log.reject(0, NOON, 1, 0, (letters + "äöü").getBytes(UTF_8));
    log.reject(0, NOON, 2, 0, (letters + "y").getBytes(UTF_8));
    assertThat(
            rows(
                rejected,
                "kafka_offset || ' ' || octet_length(original) || right(original_text, 1)"))
        .containsExactlyInAnyOrder("1 65535x", "2 65536y");
    assertThat(bound(rejected)).endsWith(" Of 1 rows, original has the first 64 KB only.");
  }

  @Test
  void aRowOfTheLedgerHasTheFieldsOfItsRecord() throws Exception {
    TopicInMemory ledger = new TopicInMemory("duplicates", 1);
    AskedTopic duplicates = table(ledger, new DuplicatesForm(), LIMITS);
    ledger.drop(
        0,
        NOON,
        """
        {"version":1,"app":"7","identity":{"app":"7","uuid":"a\\"b"},"kind":"conflicting",
        "upload_time":"2026-11-20T10:02:03.123456Z","topic":"events","partition":3,"offset":5000000000,
        "index":2,"gap_blocks":-4,"truncated":true}\
        """);
    for (String foreign :
        List.of("", "{", "[]", "1", "{\"offset\": \"x\"}", "{\"upload_time\": \"today\"}")) {
      ledger.drop(0, NOON, foreign);
    }
    ledger.add(0, NOON, new RecordHeaders(), null);
    assertThat(
            rows(
                duplicates,
                "concat_ws('/', app, identity, kind, epoch_us(upload_time), kafka_topic,"
                    + " kafka_partition, kafka_offset, kafka_index, gap_blocks,"
                    + " epoch_ms(dropped_at))"))
        .containsExactly(
            "7/{\"app\":\"7\",\"uuid\":\"a\\\"b\"}/conflicting/1795168923123456/events/3/5000000000/2/-4/"
                + NOON.toEpochMilli());
    assertThat(bound(duplicates))
        .isEqualTo("duplicates: the last 24 h, 1 rows. 7 records of another form were left out.");
  }

  @Test
  void aTopicThatDoesNotExistIsAnEmptyTable() throws Exception {
    TopicInMemory ledger = new TopicInMemory("duplicates", 1);
    AskedTopic duplicates = table(ledger, new DuplicatesForm(), LIMITS);
    ledger.drop(0, NOON, "{\"app\":\"7\"}");
    assertThat(rows(duplicates, "app")).containsExactly("7");
    ledger.delete();
    assertThat(rows(duplicates, "app")).isEmpty();
    assertThat(bound(duplicates)).isEqualTo("duplicates: topic duplicates does not exist.");
  }

  @Test
  void aTopicThatIsMadeAnewIsReadFromItsStart() throws Exception {
    for (int i = 0; i < 20; i++) {
      reject(0, NOON, i);
    }
    assertThat(rows(rejected, OFFSETS)).hasSize(20);
    log.makeAnew();
    reject(0, NOON, 77);
    assertThat(rows(rejected, OFFSETS)).containsExactly("77");
  }

  @Test
  void recordsThatRetentionRemovedAreSkipped() throws Exception {
    reject(0, NOON, 0);
    assertThat(rows(rejected, OFFSETS)).containsExactly("0");
    for (int i = 1; i < 10; i++) {
      reject(0, NOON, i);
    }
    log.removeBefore(0, 7);
    assertThat(rows(rejected, OFFSETS)).containsExactlyInAnyOrder("0", "7", "8", "9");
  }

  @Test
  void aBrokerThatFailsIsNamedAndTheNextLoadGoesOn() throws Exception {
    reject(0, NOON, 1);
    assertThat(rows(rejected, OFFSETS)).containsExactly("1");
    for (int i = 2; i < 900; i++) {
      reject(0, NOON, i);
    }
    log.failure = new TimeoutException("no broker answers");
    log.pollsBeforeFailure = 1;
    assertThatThrownBy(() -> use(rejected))
        .isInstanceOfSatisfying(
            AskException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE))
        .hasMessage(
            "Table rejected: topic rejected at nowhere:1 cannot be read: no broker answers. The statement did not run.");
    log.failure = null;
    assertThat(rows(rejected, OFFSETS)).containsExactlyInAnyOrderElementsOf(offsets(1, 900));
  }

  @Test
  void rowsThatHaveLeftTakeNoMemoryForLong() throws Exception {
    for (int round = 0; round < 20; round++) {
      for (int i = 0; i < 500; i++) {
        reject(0, NOON, 500L * round + i);
      }
      TopicCut cut = use(rejected);
      rejected.release(cut);
      try (Connection connection = database.connect();
          Statement statement = connection.createStatement();
          ResultSet held =
              statement.executeQuery(
                  "SELECT sum(estimated_size)::BIGINT, count(*) FROM duckdb_tables()")) {
        held.next();
        assertThat(held.getLong(1)).isLessThan(4_500);
        assertThat(held.getLong(2)).isLessThanOrEqualTo(2);
      }
    }
  }
}
