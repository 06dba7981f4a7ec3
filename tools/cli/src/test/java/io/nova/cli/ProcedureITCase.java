package io.nova.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.nova.cli.cluster.Distribution;
import io.nova.cli.cluster.LocalCluster;
import io.nova.cli.process.ChildProcess;
import io.nova.cli.process.JavaCommand;
import io.nova.cli.process.WorkFolder;
import io.nova.cli.sql.SqlSession;
import io.nova.event.identity.FingerprintKey;
import io.nova.handoff.BatchAnswer;
import io.nova.handoff.BatchRequest;
import io.nova.handoff.BatchRequest.Kind;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.TableRules;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The ways to call a procedure, and the command, on a real broker and a real SQL gateway. The table
 * is empty; a responder answers in the job's place.
 */
class ProcedureITCase {
  private static final String LINK = "4a9de6f5-4a3b-4e0e-8b5e-5f7b3d7a1c11";
  private static final String REFUSAL = "Partition 3 has not passed the end of the batch.";
  private static final List<String> MODES = List.of("batch", "streaming");

  /** Its close is never answered. */
  private static final long SILENT = 20_700;

  private static @Nullable BatchAnswer answer(String id, BatchRequest request) {
    Long batch = request.batch();
    return switch (request.kind()) {
      case CLOSE -> {
        if (batch == null || batch == SILENT) {
          yield null;
        }
        yield request.force()
            ? BatchAnswer.closed(id, batch, LINK, Map.of(), 0)
            : BatchAnswer.refused(id, batch, REFUSAL, 0);
      }
      case COMPLETE -> BatchAnswer.done(id, BatchAnswer.State.COMPLETED, batch, "", 0);
      case WITHDRAW -> BatchAnswer.done(id, BatchAnswer.State.WITHDRAWN, batch, "", 0);
      case RETIRE -> BatchAnswer.done(id, BatchAnswer.State.RETIRED, batch, "", 0);
      case EXPIRE -> BatchAnswer.done(id, BatchAnswer.State.EXPIRED, batch, "", 0);
    };
  }

  @Test
  void everyWayInAsksTheJobAndShowsItsAnswer() throws Exception {
    try (ProcessCluster nova = ProcessCluster.start("procedures");
        BatchResponder job =
            new BatchResponder(nova.processes().bootstrapServers(), ProcedureITCase::answer)) {
      table(nova.processes().warehouse());
      for (String mode : MODES) {
        overTheGateway(nova, mode);
        overJdbc(nova.processes().options().ports().gateway(), mode);
        inTheSqlClient(nova.processes(), mode);
      }
      argumentsArrive(nova, job);
      lateEventsAreListed(nova);
      aRequestWithoutAnAnswerIsPending(nova);
      theCommandDoesTheSame(nova);
    }
  }

  private static void table(String warehouse) {
    TableRules rules =
        new TableRules(
            4,
            Duration.ofMinutes(5),
            Duration.ofDays(1),
            FingerprintKey.ofHex("000102030405060708090a0b0c0d0e0f"));
    EventTable unused = EventTable.findOrCreate(warehouse, rules);
  }

  private static void overTheGateway(ProcessCluster nova, String mode) {
    try (SqlSession session = nova.processes().sql().open()) {
      ProcessCluster.ask(session, "SET 'execution.runtime-mode' = '" + mode + "'");
      JsonNode closed =
          ProcessCluster.ask(
                  session, "CALL nova.sys.close_batch(batch => '2026-11-21', force => true)")
              .get(0);
      assertThat(closed.get(0).asText()).isEqualTo("2026-11-21");
      assertThat(closed.get(1).asText()).isEqualTo("closed");
      assertThat(closed.get(2).asText()).isEqualTo(LINK);
      assertThatThrownBy(
              () -> ProcessCluster.ask(session, "CALL nova.sys.close_batch('2026-11-21')"))
          .hasMessageContaining("the job refused request")
          .hasMessageContaining(REFUSAL);
      assertThat(ProcessCluster.ask(session, "SHOW PROCEDURES IN nova.sys")).hasSize(8);
      assertThat(ProcessCluster.ask(session, "CALL nova.sys.list_batches()")).isEmpty();
    }
  }

  private static void overJdbc(int gateway, String mode) throws Exception {
    assertThat(
            JdbcClient.rows(
                gateway, mode, "CALL nova.sys.complete_batch('2026-11-21', '" + LINK + "')"))
        .hasSize(1)
        .allSatisfy(row -> assertThat(row).startsWith("2026-11-21", "completed"));
    assertThatThrownBy(
            () -> JdbcClient.rows(gateway, mode, "CALL nova.sys.close_batch('2026-11-21')"))
        .hasStackTraceContaining("the job refused request")
        .hasStackTraceContaining(REFUSAL);
  }

  private static void inTheSqlClient(LocalCluster cluster, String mode) throws Exception {
    WorkFolder folder = cluster.options().folder();
    Path script =
        Files.writeString(
            folder.dir().resolve(mode + ".sql"),
            """
            SET 'execution.runtime-mode' = '%s';
            SET 'sql-client.execution.result-mode' = 'tableau';
            CALL nova.sys.withdraw_batch('2026-11-21');
            CALL nova.sys.close_batch(batch => '2026-11-21');
            """
                .formatted(mode));
    Distribution flink = Distribution.ofThisProject();
    ChildProcess client =
        new JavaCommand(
                "sql-client-" + mode,
                flink.flinkClassPath(),
                List.of("-Xmx256m", "--add-opens=java.base/java.lang=ALL-UNNAMED"),
                "org.apache.flink.table.client.SqlClient",
                List.of(
                    "gateway",
                    "--endpoint",
                    "127.0.0.1:" + cluster.options().ports().gateway(),
                    "-f",
                    script.toString()))
            .start(folder, flink.conf("log4j.properties"));
    assertThat(client.endsWithin(Duration.ofMinutes(2))).isTrue();
    assertThat(Files.readString(client.console()))
        .contains("withdrawn")
        .contains("the job refused request")
        .contains(REFUSAL);
  }

  private static void argumentsArrive(ProcessCluster nova, BatchResponder job) {
    nova.ask(
        "CALL nova.sys.close_batch(batch => '2026-11-22', force => true, leave_out => '3, 5')");
    BatchRequest close = job.requests().get(job.requests().size() - 1);
    assertThat(close.batch()).isEqualTo(20_779);
    assertThat(close.leaveOut()).containsExactly(3, 5);
    assertThat(close.by()).startsWith("sql of ");

    nova.ask(
        "CALL nova.sys.complete_batch(batch => '2026-11-22', link => '%s', `rows` => 7, digest => '%s')"
            .formatted(LINK, "0f".repeat(16)));
    BatchRequest complete = job.requests().get(job.requests().size() - 1);
    assertThat(complete.audit())
        .hasToString("AuditFigures[rows=7, digest=" + "0f".repeat(16) + "]");

    nova.ask(
        "CALL nova.sys.complete_batch(batch => '2026-11-22', link => '%s', force => true)"
            .formatted(LINK));
    assertThat(job.requests().get(job.requests().size() - 1).force()).isTrue();
    assertThat(nova.ask("CALL nova.sys.retire_partition(3)").get(0).get(1).asText())
        .isEqualTo("retired");
    assertThat(nova.ask("CALL nova.sys.expire()").get(0).get(1).asText()).isEqualTo("expired");
    assertThat(job.requests()).extracting(BatchRequest::kind).contains(Kind.values());
  }

  private static void lateEventsAreListed(ProcessCluster nova) throws Exception {
    String servers = nova.processes().bootstrapServers();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", servers),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      reject(producer, "batch_closed", 1, Instant.parse("2026-11-21T23:59:59.999999Z"));
      reject(producer, "too_late", 2, Instant.parse("2026-11-21T00:00:00Z"));
      reject(producer, "batch_closed", 3, Instant.parse("2026-11-22T00:00:00Z"));
    }
    List<String> found = new ArrayList<>();
    nova.ask("CALL nova.sys.late_events('2026-11-21')")
        .forEach(row -> found.add(row.get(0).asText() + " " + row.get(1) + " " + row.get(5)));
    assertThat(found).containsExactly("too_late true 2", "batch_closed false 1");
  }

  private static void reject(
      KafkaProducer<byte[], byte[]> producer, String reason, long offset, Instant upload)
      throws Exception {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(LocalCluster.REJECTED, "{}".getBytes(UTF_8));
    Map.of(
            "reason",
            reason,
            "topic",
            LocalCluster.EVENTS,
            "partition",
            "2",
            "offset",
            Long.toString(offset),
            "upload_micros",
            Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, upload)))
        .forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
    assertThat(producer.send(record).get().hasOffset()).isTrue();
  }

  private static void aRequestWithoutAnAnswerIsPending(ProcessCluster nova) {
    try (SqlSession session = nova.processes().sql().open()) {
      ProcessCluster.ask(
          session,
          ("CREATE CATALOG hasty WITH ('type' = 'nova', 'warehouse' = '%s', 'procedures' = 'all',"
                  + " 'kafka.bootstrap-servers' = '%s', 'batches.wait' = '1 s')")
              .formatted(nova.processes().warehouse(), nova.processes().bootstrapServers()));
      JsonNode pending =
          ProcessCluster.ask(session, "CALL hasty.sys.close_batch('" + SILENT + "')").get(0);
      assertThat(pending.get(1).asText()).isEqualTo("pending");
      assertThat(pending.get(3).asText()).hasSize(36);
      assertThat(pending.get(4).asText())
          .contains("no announcement of a running job")
          .contains("The request is kept");
    }
  }

  private static void theCommandDoesTheSame(ProcessCluster nova) {
    assertThat(run(nova, "close", "2026-11-21", "--force")).isZero();
    assertThat(run(nova, "close", "2026-11-21")).isEqualTo(1);
    assertThat(run(nova, "close", Long.toString(SILENT), "--wait", "1")).isEqualTo(3);
    assertThat(run(nova, "complete", "2026-11-21", LINK, "--json")).isZero();
    assertThat(run(nova, "withdraw", "2026-11-21")).isZero();
    assertThat(run(nova, "retire", "3")).isZero();
    assertThat(run(nova, "expire")).isZero();
    assertThat(run(nova, "late", "2026-11-21", "--json")).isZero();
    assertThat(run(nova, "list")).isZero();
  }

  private static int run(ProcessCluster nova, String... words) {
    List<String> all = new ArrayList<>(List.of("batch"));
    all.addAll(List.of(words));
    all.addAll(List.of("--dir", nova.processes().options().folder().dir().toString()));
    return Nova.commandLine().execute(all.toArray(String[]::new));
  }
}
