package io.nova.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nova.cli.cluster.ClusterOptions;
import io.nova.cli.cluster.Distribution;
import io.nova.cli.cluster.JobFigures;
import io.nova.cli.cluster.LocalCluster;
import io.nova.cli.cluster.Ports;
import io.nova.cli.process.Await;
import io.nova.cli.process.CommandException;
import io.nova.cli.process.WorkFolder;
import io.nova.cli.sql.SqlSession;
import io.nova.console.ConsoleProcess.Reply;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/**
 * The console and the SQL gateway answer the same questions on the same pinned cuts, while blocks
 * are sealed, merged and handed off. A TaskManager dies between pin and question. At the end the
 * console meets hostile texts and statements, and fifty tabs at once.
 */
@Tag("soak")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class BothEnginesITCase {
  private static final Duration TIMEOUT = Duration.ofMinutes(3);
  private static final int DUCK_MB = 256;

  /** JVM and DuckDB outside of heap and buffers: classes, code, stacks, allocators. */
  private static final int MARGIN_MB = 384;

  private static final int TABS = 50;
  private static final String HOSTILE = " WHERE insert_id LIKE 'hostile%'";
  private static final Pattern PINNED = Pattern.compile("'live.cut' = '([^']+)'");

  private static final List<String> OPTIONS =
      List.of(
          "--nova.checkpoint.interval",
          "2 s",
          "--nova.commit.interval",
          "2 s",
          "--nova.chunk.target-size",
          "20 kb",
          "--nova.batch.length",
          "1 h",
          "--nova.batch.close-delay",
          "10 h");

  private static LocalCluster cluster;
  private static ConsoleProcess console;
  private static EventFeed feed;
  private static ExecutorService threads;
  private static SqlSession first;
  private static SqlSession second;
  private static String job = "";

  /** The events of the last live answer. A later one may lack those of completed batches only. */
  private static Set<Integer> seen = Set.of();

  private static long completed;

  @BeforeAll
  static void start() throws Exception {
    ClusterOptions options =
        new ClusterOptions(
            new WorkFolder(Path.of("target", "it", "both-engines")),
            Ports.FREE,
            new ClusterOptions.Memory("384m", "800m", "2000m", "384m"),
            2,
            2,
            2);
    cluster =
        LocalCluster.start(
            Distribution.ofThisProject(),
            options,
            true,
            NumberedEvents.PARTITIONS,
            step -> System.out.println("both-engines: " + step));
    job = cluster.submit(OPTIONS, Optional.empty(), 2);
    cluster.awaitRunning(job);
    console = ConsoleProcess.start(cluster.options().folder(), DUCK_MB);
    feed = new EventFeed(cluster.bootstrapServers());
    threads = Executors.newFixedThreadPool(TABS);
    first = session();
    second = session();
  }

  @AfterAll
  static void stop() throws Exception {
    if (threads != null) {
      threads.shutdownNow();
    }
    if (feed != null) {
      feed.close();
    }
    if (console != null) {
      console.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  /** The job uses two of four slots, so two statements of one slot run at once. */
  private static SqlSession session() {
    SqlSession session = cluster.sql().open();
    flink(session, "SET 'parallelism.default' = '1'");
    return session;
  }

  private static List<String> flink(SqlSession session, String statement) {
    List<String> rows = new ArrayList<>();
    session.execute(statement, row -> rows.add(ConsoleProcess.text(row)));
    return rows;
  }

  private static JobFigures figures() {
    return cluster.flink().figures(job);
  }

  private static void await(String what, Callable<Boolean> question) {
    Await.until(
        what,
        TIMEOUT,
        () -> cluster.requireHealthy(job),
        () -> {
          try {
            return question.call();
          } catch (Exception e) {
            throw new IllegalStateException(what, e);
          }
        });
  }

  private static void awaitAllDecided() {
    feed.flush();
    await("all is decided", () -> figures().decided() >= feed.messages());
  }

  private static void log(String format, Object... values) {
    System.out.printf("both-engines: " + format + "%n", values);
  }

  private static Set<Integer> numbers(List<String> rows) {
    Set<Integer> numbers = new HashSet<>();
    for (String row : rows) {
      assertThat(numbers.add(Integer.valueOf(row.substring(1)))).as("twice: %s", row).isTrue();
    }
    return numbers;
  }

  private static Set<Integer> without(Set<Integer> from, Set<Integer> others) {
    Set<Integer> left = new TreeSet<>(from);
    left.removeAll(others);
    return left;
  }

  private static Set<Integer> notCompleted(Set<Integer> events) {
    return events.stream()
        .filter(number -> NumberedEvents.batch(number) > completed)
        .collect(Collectors.toSet());
  }

  private static List<String> asked(String cut, EngineQuestion question) throws Exception {
    Reply reply = console.askPinned(cut, question.duck());
    assertThat(reply.status()).as("%s: %s", question, reply.error()).isEqualTo(200);
    return sorted(reply.rows());
  }

  private static List<String> sorted(List<String> rows) {
    return rows.stream().sorted().toList();
  }

  /** The events that a live answer without a pin has. */
  private static Set<Integer> seenNow() throws Exception {
    Reply reply = console.ask(EngineQuestion.ROWS.duck());
    assertThat(reply.status()).as(reply.error()).isEqualTo(200);
    return numbers(reply.rows());
  }

  /** Pins a cut, which has every event of earlier answers. */
  private static String pinned() throws Exception {
    seen = notCompleted(seenNow());
    return console.pin();
  }

  /**
   * Both engines answer each question twice on this cut. Other cuts are loaded in between.
   *
   * @return the events of the cut
   */
  private static Set<Integer> checked(String cut, Set<Integer> atLeast) throws Exception {
    return checked(cut, atLeast, 0);
  }

  /** The same. The feed goes on to this minute between the first question and the last. */
  private static Set<Integer> checked(String cut, Set<Integer> atLeast, int minute)
      throws Exception {
    List<String> rows = asked(cut, EngineQuestion.ROWS);
    Set<Integer> events = numbers(rows);
    assertThat(without(atLeast, events)).as("missing").isEmpty();
    assertThat(without(events, feed.sent())).as("extra").isEmpty();
    List<Future<List<String>>> flink = new ArrayList<>();
    for (List<EngineQuestion> some : halves()) {
      SqlSession session = flink.isEmpty() ? first : second;
      for (EngineQuestion question : some) {
        assertThat(asked(cut, question))
            .as("the console, %s", question)
            .isEqualTo(NumberedEvents.answer(question, events));
      }
      flink.add(threads.submit(() -> differences(session, cut, some, events)));
    }
    for (Future<List<String>> half : flink) {
      assertThat(half.get()).as("Flink SQL").isEmpty();
    }
    if (minute > 0) {
      feed.await(minute);
      await("a later cut has more", () -> without(seenNow(), events).size() > 0);
    }
    assertThat(seenNow()).as("a later cut").isNotEmpty();
    assertThat(asked(cut, EngineQuestion.ROWS)).as("the same cut again").isEqualTo(rows);
    log(
        "cut of %d events, %d block files, %d chunks written",
        events.size(), figures().blockFiles(), figures().chunks());
    return events;
  }

  private static List<List<EngineQuestion>> halves() {
    List<EngineQuestion> all = List.of(EngineQuestion.values());
    return List.of(all.subList(0, all.size() / 2), all.subList(all.size() / 2, all.size()));
  }

  private static List<String> differences(
      SqlSession session, String cut, List<EngineQuestion> questions, Set<Integer> events) {
    List<String> differences = new ArrayList<>();
    for (EngineQuestion question : questions) {
      List<String> expected = NumberedEvents.answer(question, events);
      List<String> found = sorted(flink(session, question.flink(cut)));
      if (!found.equals(expected)) {
        differences.add("%s: found %s, expected %s".formatted(question, found, expected));
      }
    }
    return differences;
  }

  /** All events that were sent, and no other, are in a new cut. */
  private static void everythingIsThere() throws Exception {
    awaitAllDecided();
    Set<Integer> expected = notCompleted(feed.sent());
    await("a live answer has all", () -> seenNow().size() >= expected.size());
    String cut = console.pin();
    Set<Integer> events = checked(cut, expected);
    assertThat(without(events, expected)).as("extra").isEmpty();
    console.release(cut);
  }

  @Test
  @Order(1)
  void bothEnginesHaveTheSameRowsWhileBlocksMove() throws Exception {
    feed.await(20);
    for (int end : List.of(60, 95, 130)) {
      long before = figures().admitted();
      String cut = pinned();
      feed.upTo(end);
      assertThat((long) checked(cut, seen, end).size())
          .as("admitted before")
          .isGreaterThanOrEqualTo(before);
      console.release(cut);
    }
    assertThat(figures().blockFiles()).as("block files").isPositive();
    await("blocks were merged", () -> figures().chunks() > 0);
  }

  @Test
  @Order(2)
  void handoffChangesLaterCutsOnly() throws Exception {
    awaitAllDecided();
    String before = pinned();
    feed.upTo(160);
    handOff(NumberedEvents.FIRST_BATCH);
    assertThat(checked(before, seen))
        .as("the completed batch in the earlier cut")
        .anyMatch(number -> NumberedEvents.batch(number) == NumberedEvents.FIRST_BATCH);
    console.release(before);

    completed = NumberedEvents.FIRST_BATCH;
    String after = pinned();
    assertThat(checked(after, seen))
        .as("the completed batch in the later cut")
        .noneMatch(number -> NumberedEvents.batch(number) == NumberedEvents.FIRST_BATCH);
    console.release(after);
    feed.await(160);
    everythingIsThere();
  }

  private static void handOff(long batch) {
    assertThat(flink(first, "CALL nova.sys.close_batch('%d')".formatted(batch)).get(0))
        .contains("closed");
    String link = flink(first, "SELECT link FROM batches WHERE batch_number = " + batch).get(0);
    assertThat(
            flink(first, "CALL nova.sys.complete_batch('%d', '%s')".formatted(batch, link)).get(0))
        .contains("completed");
  }

  @Test
  @Order(3)
  void eventIsAnsweredSoonAfterItWasSent() throws Exception {
    String sql = "SELECT count(*) FROM events WHERE event_type = 'fresh'";
    Instant now = NumberedEvents.TEN.plus(Duration.ofMinutes(160));
    List<Long> millis = new ArrayList<>();
    for (int event = 1; event <= 5; event++) {
      byte[] message =
          NumberedEvents.message("fresh" + event, "fresh", "fresh", now)
              .toString()
              .getBytes(StandardCharsets.UTF_8);
      long start = System.nanoTime();
      feed.send(event % NumberedEvents.PARTITIONS, message);
      feed.flush();
      String expected = Integer.toString(event);
      await("a fresh event", () -> console.ask(sql).rows().equals(List.of(expected)));
      millis.add((System.nanoTime() - start) / 1_000_000);
    }
    log("from send to answer, in milliseconds, asked every 200 ms: %s", millis);
  }

  @Test
  @Order(4)
  void deadTaskManagerLosesTheCutInBothEngines() throws Exception {
    String output = console.novaAsk("--pin", "300", "SELECT count(*) FROM events");
    Matcher id = PINNED.matcher(output);
    assertThat(id.find()).as(output).isTrue();
    String cut = id.group(1);
    int restores = cluster.flink().restores(job);

    cluster.killTaskManager(1);
    Reply lost = console.askPinned(cut, EngineQuestion.BY_TYPE.duck());
    assertThat(lost.status()).as("%s", lost).isEqualTo(503);
    assertThat(lost.error()).contains("the cut " + cut + " is lost", "Pin another cut");
    assertThatThrownBy(() -> flink(first, EngineQuestion.BY_TYPE.flink(cut)))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("the cut " + cut + " is lost");

    cluster.startTaskManager();
    await("the job starts again", () -> cluster.flink().restores(job) > restores);
    cluster.awaitRunning(job);
    assertThat(console.askPinned(cut, EngineQuestion.BY_TYPE.duck()).status()).isEqualTo(503);
    feed.await(170);
    everythingIsThereButFresh();
  }

  /** Events of other tests have no number. */
  private static void everythingIsThereButFresh() throws Exception {
    awaitAllDecided();
    String numbered = " WHERE insert_id LIKE 'e%'";
    Set<Integer> expected = notCompleted(feed.sent());
    String count = "SELECT count(*) FROM events" + numbered;
    await(
        "a live answer has all",
        () -> console.ask(count).rows().equals(List.of(Integer.toString(expected.size()))));
    String cut = console.pin();
    String rows = EngineQuestion.ROWS.duck() + numbered;
    List<String> found = console.askPinned(cut, rows).rows();
    assertThat(without(expected, numbers(found))).as("missing").isEmpty();
    assertThat(without(numbers(found), expected)).as("extra").isEmpty();
    assertThat(sorted(flink(first, EngineQuestion.ROWS.flink(cut) + numbered)))
        .as("Flink SQL")
        .isEqualTo(sorted(found));
    console.release(cut);
  }

  @Test
  @Order(5)
  void hostileTextsAreTextsInBothEngines() throws Exception {
    List<String> texts =
        List.of(
            "<script>alert(1)</script><img src=x onerror=alert(2)>",
            "'; DROP VIEW events; --\"`$${x}",
            "\u0001\u0007\u001b[31m\r\n\t\u007f\u0085\u2028",
            "\u202eabc\u202c\u2066\u200f\ufeff\ud83d\ude00",
            "ä<b>".repeat(16 * 1_024));
    Instant now = NumberedEvents.TEN.plus(Duration.ofMinutes(170));
    for (int i = 0; i < texts.size(); i++) {
      String text = texts.get(i);
      ObjectNode event = NumberedEvents.message("hostile" + i, text, text, now);
      event.putObject("event_properties").put(text, text).put("p", text);
      feed.send(i % NumberedEvents.PARTITIONS, event.toString().getBytes(StandardCharsets.UTF_8));
    }
    awaitAllDecided();
    String duck =
        "SELECT insert_id, event_type, user_id, event_properties->>'$.p' FROM events" + HOSTILE;
    await("hostile events", () -> console.ask(duck).rows().size() == texts.size());
    String cut = console.pin();
    List<String> found = sorted(console.askPinned(cut, duck).rows());
    String whole = "SELECT insert_id, event_type, user_id, event_properties FROM events%s";
    List<String> byConsole = sorted(console.askPinned(cut, whole.formatted(HOSTILE)).rows());
    List<String> byFlink =
        sorted(
            flink(
                first,
                whole.formatted(" /*+ OPTIONS('live.cut' = '%s') */".formatted(cut) + HOSTILE)));
    for (int i = 0; i < texts.size(); i++) {
      String text = texts.get(i);
      String expected = String.join("|", "hostile" + i, text, text, text);
      sameText("console, text " + i, found.get(i), expected);
      sameText("Flink SQL, text " + i, byFlink.get(i), byConsole.get(i));
    }
    console.release(cut);
    for (String text : texts) {
      String literal = "'" + text.replace("'", "''") + "'";
      assertThat(console.ask("SELECT count(*) FROM events WHERE event_type = " + literal).rows())
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
  @Order(6)
  void statementsWithoutAnEndAreCancelled() throws Exception {
    String endless = "SELECT count(*) FROM events a, events b, events c, events d, events e";
    Reply late = console.ask(ConsoleProcess.question(endless).put("timeoutMillis", 1_500));
    assertThat(late.status()).as("%s", late).isEqualTo(408);
    assertThat(late.error()).contains("timeout of 1500 ms", "cancelled");

    Future<Reply> running =
        threads.submit(
            () ->
                console.ask(ConsoleProcess.question(endless + ", events f").put("id", "endless")));
    Await.pause(500);
    await(
        "the cancel",
        () -> {
          Reply unused = console.send("DELETE", "/api/ask/endless", "");
          return running.isDone();
        });
    assertThat(running.get().status()).as("%s", running.get()).isEqualTo(408);
  }

  private static void withinItsMemory() throws Exception {
    log("the console had at most %d MB", console.peakMb());
    assertThat(console.isAlive()).isTrue();
    assertThat(console.peakMb()).isLessThan(ConsoleProcess.HEAP_MB + DUCK_MB + MARGIN_MB);
  }

  @Test
  @Order(7)
  void fiftyTabsDoNotStopThePipeline() throws Exception {
    String cut = console.pin();
    Map<EngineQuestion, List<String>> expected = new java.util.EnumMap<>(EngineQuestion.class);
    for (EngineQuestion question : EngineQuestion.values()) {
      expected.put(question, asked(cut, question));
    }
    long least = Long.parseLong(console.ask("SELECT count(*) FROM events").rows().get(0));
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
                            ? console.askPinned(cut, question.duck())
                            : console.ask(question.duck());
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
    feed.upTo(230);
    try {
      feed.await(230);
      long[] lag = new long[1];
      await(
          "the job keeps up with its topic",
          () -> {
            long now = feed.messages() - figures().decided();
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
    log(
        "%d tabs: %d answers on the cut, %d live ones, %d refusals; lag at the end at most %d",
        TABS, onTheCut.get(), live.get(), refusals.get(), most);
    assertThat(onTheCut.get()).as("answers on the cut").isPositive();
    assertThat(live.get()).as("live answers").isPositive();
    console.release(cut);
    withinItsMemory();
    everythingIsThereButFresh();
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
