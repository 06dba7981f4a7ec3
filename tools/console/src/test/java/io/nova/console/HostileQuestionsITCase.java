package io.nova.console;

import static io.nova.console.ConsoleCluster.rows;
import static io.nova.console.ConsoleCluster.sorted;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nova.cli.process.Await;
import io.nova.cli.sql.SqlSession;
import io.nova.console.ConsoleProcess.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/**
 * Hostile texts in events and statements, statements without an end, and fifty tabs at once. The
 * console stays within its memory, and the job goes on.
 */
@Tag("soak")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class HostileQuestionsITCase {
  private static final int DUCK_MB = 256;

  /** JVM and DuckDB outside of heap and buffers: classes, code, stacks, allocators. */
  private static final int MARGIN_MB = 384;

  private static final int TABS = 50;

  /** The minutes of numbered events before the hostile ones. */
  private static final int MINUTES = 40;

  private static final String HOSTILE = " WHERE insert_id LIKE 'hostile%'";

  private static ConsoleCluster cluster;
  private static ExecutorService threads;
  private static SqlSession session;

  @BeforeAll
  static void start() throws Exception {
    cluster =
        ConsoleCluster.start(
            "hostile-questions", DUCK_MB, List.of("--nova.checkpoint.interval", "2 s"));
    threads = Executors.newFixedThreadPool(TABS);
    session = cluster.session();
  }

  @AfterAll
  static void stop() throws Exception {
    if (threads != null) {
      threads.shutdownNow();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  @Order(1)
  void hostileTextsAreTextsInBothEngines() throws Exception {
    cluster.feed().await(MINUTES);
    List<String> texts =
        List.of(
            "<script>alert(1)</script><img src=x onerror=alert(2)>",
            "'; DROP VIEW events; --\"`$${x}",
            "\u0001\u0007\u001b[31m\r\n\t\u007f\u0085\u2028",
            "\u202eabc\u202c\u2066\u200f\ufeff\ud83d\ude00",
            "ä<b>".repeat(16 * 1_024));
    Instant now = NumberedEvents.TEN.plus(Duration.ofMinutes(MINUTES));
    for (int i = 0; i < texts.size(); i++) {
      String text = texts.get(i);
      ObjectNode event = NumberedEvents.message("hostile" + i, text, text, now);
      event.putObject("event_properties").put(text, text).put("p", text);
      cluster
          .feed()
          .send(i % NumberedEvents.PARTITIONS, event.toString().getBytes(StandardCharsets.UTF_8));
    }
    cluster.awaitAllDecided();
    String duck =
        "SELECT insert_id, event_type, user_id, event_properties->>'$.p' FROM events" + HOSTILE;
    cluster.await(
        "hostile events", () -> cluster.console().ask(duck).rows().size() == texts.size());
    String cut = cluster.console().pin();
    List<String> found = sorted(cluster.console().askPinned(cut, duck).rows());
    String whole = "SELECT insert_id, event_type, user_id, event_properties FROM events%s";
    List<String> byConsole =
        sorted(cluster.console().askPinned(cut, whole.formatted(HOSTILE)).rows());
    List<String> byFlink =
        sorted(
            rows(
                session,
                whole.formatted(" /*+ OPTIONS('live.cut' = '%s') */".formatted(cut) + HOSTILE)));
    for (int i = 0; i < texts.size(); i++) {
      String text = texts.get(i);
      String expected = String.join("|", "hostile" + i, text, text, text);
      sameText("console, text " + i, found.get(i), expected);
      sameText("Flink SQL, text " + i, byFlink.get(i), byConsole.get(i));
    }
    cluster.console().release(cut);
    for (String text : texts) {
      String literal = "'" + text.replace("'", "''") + "'";
      assertThat(
              cluster
                  .console()
                  .ask("SELECT count(*) FROM events WHERE event_type = " + literal)
                  .rows())
          .isEqualTo(List.of("1"));
    }
  }

  /** A failure shows the first difference only. */
  private static void sameText(String what, String found, String expected) {
    int same = 0;
    while (same < Math.min(found.length(), expected.length())
        && found.charAt(same) == expected.charAt(same)) {
      same++;
    }
    assertThat(found.substring(same, Math.min(found.length(), same + 80)))
        .as("%s, from character %d on", what, same)
        .isEqualTo(expected.substring(same, Math.min(expected.length(), same + 80)));
  }

  @Test
  @Order(2)
  void statementsWithoutAnEndAreCancelled() throws Exception {
    String endless = "SELECT count(*) FROM events a, events b, events c, events d, events e";
    Reply late =
        cluster.console().ask(ConsoleProcess.question(endless).put("timeoutMillis", 1_500));
    assertThat(late.status()).as("%s", late).isEqualTo(408);
    assertThat(late.error()).contains("timeout of 1500 ms", "cancelled");

    Future<Reply> running =
        threads.submit(
            () ->
                cluster
                    .console()
                    .ask(ConsoleProcess.question(endless + ", events f").put("id", "endless")));
    Await.pause(500);
    cluster.await(
        "the cancel",
        () -> {
          Reply unused = cluster.console().send("DELETE", "/api/ask/endless", "");
          return running.isDone();
        });
    assertThat(running.get().status()).as("%s", running.get()).isEqualTo(408);
  }

  private static void withinItsMemory() throws Exception {
    cluster.log("the console had at most %d MB".formatted(cluster.console().peakMb()));
    assertThat(cluster.console().isAlive()).isTrue();
    assertThat(cluster.console().peakMb()).isLessThan(ConsoleProcess.HEAP_MB + DUCK_MB + MARGIN_MB);
  }

  @Test
  @Order(3)
  void fiftyTabsDoNotStopThePipeline() throws Exception {
    String cut = cluster.console().pin();
    Map<EngineQuestion, List<String>> expected = new EnumMap<>(EngineQuestion.class);
    for (EngineQuestion question : EngineQuestion.values()) {
      expected.put(question, sorted(cluster.console().askPinned(cut, question.duck()).rows()));
    }
    long least = Long.parseLong(cluster.console().ask("SELECT count(*) FROM events").rows().get(0));
    AtomicBoolean end = new AtomicBoolean();
    AtomicInteger onTheCut = new AtomicInteger();
    AtomicInteger live = new AtomicInteger();
    AtomicInteger refusals = new AtomicInteger();
    List<Future<?>> tabs = new ArrayList<>();
    for (int tab = 0; tab < TABS; tab++) {
      boolean onCut = tab % 2 == 0;
      tabs.add(
          threads.submit(
              () -> {
                while (!end.get()) {
                  for (EngineQuestion question : EngineQuestion.values()) {
                    Reply reply =
                        onCut
                            ? cluster.console().askPinned(cut, question.duck())
                            : cluster.console().ask(question.duck());
                    if (reply.status() == 200) {
                      (onCut ? onTheCut : live).incrementAndGet();
                      right(question, onCut, sorted(reply.rows()), expected, least);
                    } else {
                      refused(reply);
                      refusals.incrementAndGet();
                      Await.pause(100);
                    }
                  }
                }
                return null;
              }));
    }
    long most = 0;
    cluster.feed().upTo(3 * MINUTES);
    try {
      cluster.feed().await(3 * MINUTES);
      long[] lag = new long[1];
      cluster.await(
          "the job keeps up with its topic",
          () -> {
            long now = cluster.feed().messages() - cluster.figures().decided();
            lag[0] = Math.max(lag[0], now);
            return now <= 0;
          });
      most = lag[0];
    } finally {
      end.set(true);
    }
    for (Future<?> tab : tabs) {
      tab.get();
    }
    cluster.log(
        "%d tabs: %d answers on the cut, %d live ones, %d refusals; lag at the end at most %d"
            .formatted(TABS, onTheCut.get(), live.get(), refusals.get(), most));
    assertThat(onTheCut.get()).as("answers on the cut").isPositive();
    assertThat(live.get()).as("live answers").isPositive();
    cluster.console().release(cut);
    withinItsMemory();
    cluster.mustHaveNumbered(session, cluster.feed().sent());
  }

  private static void right(
      EngineQuestion question,
      boolean onCut,
      List<String> found,
      Map<EngineQuestion, List<String>> expected,
      long least) {
    if (onCut) {
      assertThat(found).as("%s", question).isEqualTo(expected.get(question));
    } else if (question == EngineQuestion.ROWS) {
      assertThat((long) found.size()).isGreaterThanOrEqualTo(least);
      assertThat(new HashSet<>(found)).as("rows twice").hasSameSizeAs(found);
    }
  }

  /** A lost cut is no refusal: its rows cannot be read again. */
  private static void refused(Reply reply) {
    assertThat(reply.status()).as("%s", reply).isIn(429, 503);
    assertThat(reply.error()).containsIgnoringCase("again").doesNotContain("is lost");
  }
}
