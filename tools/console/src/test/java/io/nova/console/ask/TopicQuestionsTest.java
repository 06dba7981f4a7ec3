package io.nova.console.ask;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.console.ask.AskException.Kind;
import io.nova.console.ask.topic.AskTopics;
import io.nova.console.ask.topic.TopicInMemory;
import io.nova.iceberg.CatalogAddress;
import io.nova.sql.TestJob;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Questions on {@code rejected} and {@code duplicates} beside other tables. */
class TopicQuestionsTest {
  @TempDir private Path folder;
  private final TopicInMemory log = new TopicInMemory("bad", 1);
  private AskedJob asked;
  private CutEngine engine;

  @BeforeEach
  void start() throws Exception {
    asked = new AskedJob(folder);
    asked.admit(AskedJob.DAY_2, 20);
    AskOptions options =
        AskOptions.of(
                CatalogAddress.hadoop(folder.resolve("warehouse").toString()),
                folder.resolve("other"))
            .withLiveToken(TestJob.TOKEN)
            .refreshing(Duration.ZERO)
            .waiting(Duration.ofMillis(300))
            .limited(512, 1)
            .with(new AskTopics("nowhere:1", "bad", "", Map.of()));
    engine = new CutEngine(options, topics -> log.consumer(), InstantSource.system());
  }

  @AfterEach
  void stop() {
    engine.close();
    asked.close();
  }

  private Answer ask(String sql) throws AskException {
    return engine.ask(
        new Question(UUID.randomUUID().toString(), sql, true, 1_000, Duration.ofSeconds(60)));
  }

  @Test
  void equalStatementsSeeNewRecords() throws Exception {
    for (int i = 1; i <= 3; i++) {
      log.reject(0, Instant.now(), i, 0, "x".getBytes(UTF_8));
      Answer answer = ask("SELECT count(*) FROM rejected");
      assertThat(answer.rows()).asString().isEqualTo("[[%d]]".formatted(i));
      assertThat(answer.bounds()).containsExactly("rejected: the last 24 h, %d rows.".formatted(i));
      assertThat(answer.rowsRead()).isEqualTo(i);
    }
  }

  @Test
  void equalStatementsOnOnePinnedCutSeeNewRecords() throws Exception {
    String cut = engine.pin(Duration.ofMinutes(5));
    for (int i = 1; i <= 3; i++) {
      log.reject(0, Instant.now(), i, 0, "x".getBytes(UTF_8));
      Answer answer =
          engine.ask(
              new Question(
                  UUID.randomUUID().toString(),
                  "SELECT count(*) FROM rejected",
                  true,
                  1_000,
                  Duration.ofSeconds(60),
                  Optional.of(cut)));
      assertThat(answer.rows()).asString().isEqualTo("[[%d]]".formatted(i));
    }
  }

  @Test
  void tablesOfTopicsAndEventsAreJoined() throws Exception {
    log.reject(0, Instant.now(), 1, 0, "x".getBytes(UTF_8));
    Answer answer = ask("SELECT count(*) FROM events, rejected");
    assertThat(answer.rows()).asString().isEqualTo("[[20]]");
    assertThat(answer.rowsRead()).isEqualTo(21);
  }

  @Test
  void columnsHaveTheTypesOfFlinkSql() throws Exception {
    assertThat(ask("DESCRIBE rejected").rows())
        .extracting(row -> row.get(0) + " " + row.get(1))
        .containsExactly(
            "reason VARCHAR",
            "detail VARCHAR",
            "kafka_topic VARCHAR",
            "kafka_partition INTEGER",
            "kafka_offset BIGINT",
            "kafka_index INTEGER",
            "rejected_at TIMESTAMP WITH TIME ZONE",
            "original BLOB",
            "original_text VARCHAR",
            "envelope VARCHAR");
    assertThat(ask("DESCRIBE duplicates").rows())
        .extracting(row -> row.get(0) + " " + row.get(1))
        .containsExactly(
            "app VARCHAR",
            "identity VARCHAR",
            "kind VARCHAR",
            "upload_time TIMESTAMP WITH TIME ZONE",
            "kafka_topic VARCHAR",
            "kafka_partition INTEGER",
            "kafka_offset BIGINT",
            "kafka_index INTEGER",
            "gap_blocks BIGINT",
            "dropped_at TIMESTAMP WITH TIME ZONE");
  }

  @Test
  void aTopicThatNobodyWritesIsEmptyAndSaidSo() throws Exception {
    Answer answer = ask("SELECT * FROM duplicates");
    assertThat(answer.rows()).isEmpty();
    assertThat(answer.bounds()).containsExactly("duplicates: the job writes no such topic.");
  }

  @Test
  void aDeadBrokerFailsItsTablesAndLeavesTheOthers() throws Exception {
    log.failure = new TimeoutException("no answer");
    assertThatThrownBy(() -> ask("SELECT count(*) FROM rejected"))
        .isInstanceOfSatisfying(
            AskException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE))
        .hasMessageContaining("topic bad at nowhere:1 cannot be read: no answer");
    assertThat(ask("SELECT count(*) FROM events").rows()).asString().isEqualTo("[[20]]");
  }

  @Test
  void withoutABrokerTheReasonIsSaid() {
    assertThatThrownBy(() -> asked.ask("SELECT count(*) FROM rejected"))
        .isInstanceOfSatisfying(
            AskException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE))
        .hasMessageContaining("no broker is known");
  }

  @Test
  void aDeadJobLeavesTheTopics() throws Exception {
    log.reject(0, Instant.now(), 1, 0, "x".getBytes(UTF_8));
    asked.job.kill(1);
    assertThatThrownBy(() -> ask("SELECT count(*) FROM events, rejected"))
        .isInstanceOf(AskException.class);
    assertThat(ask("SELECT count(*) FROM rejected").rows()).asString().isEqualTo("[[1]]");
  }
}
