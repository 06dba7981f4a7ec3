package io.nova.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nova.cli.cluster.ClusterOptions;
import io.nova.cli.cluster.Distribution;
import io.nova.cli.cluster.LocalCluster;
import io.nova.cli.cluster.Ports;
import io.nova.cli.process.Await;
import io.nova.cli.process.ConsoleFile;
import io.nova.cli.process.WorkFolder;
import io.nova.workload.generate.GeneratedMessages;
import io.nova.workload.generate.GeneratorOptions;
import io.nova.workload.input.ProgressListener;
import io.nova.workload.send.Pace;
import io.nova.workload.send.Sender;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The page in a real browser beside a cluster of real processes: no event, live, changed through
 * the page, job killed. Four batches of six hours do not close by themselves.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BrowserClusterITCase {
  private static final Duration TIMEOUT = Duration.ofMinutes(2);
  private static final int MESSAGES = 20_000;
  private static final double RATE = 2_000;
  private static final int DUCK_MB = 512;
  private static final String COUNT = "SELECT count(*) FROM events";
  private static final WorkFolder FOLDER = new WorkFolder(Path.of("target", "it", "browser"));

  private static LocalCluster cluster;
  private static ConsoleProcess console;
  private static Browser browser;
  private static String batch = "";
  private static long batchRows;

  @BeforeAll
  static void start() throws Exception {
    Browser.missing().ifPresent(reason -> assumeTrue(false, reason));
    ClusterOptions options =
        new ClusterOptions(
            FOLDER,
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
            4,
            step -> System.out.println("browser: " + step));
    String job =
        cluster.submit(
            List.of(
                "--nova.checkpoint.interval",
                "4 s",
                "--nova.ledger",
                "true",
                "--nova.batch.length",
                "6 h",
                "--nova.batch.close-delay",
                "2 d"),
            Optional.empty(),
            2);
    cluster.awaitRunning(job);
    console = ConsoleProcess.start(FOLDER, DUCK_MB, "--allow-changes");
    browser = new Browser();
  }

  @AfterAll
  static void stop() throws InterruptedException {
    if (browser != null) {
      browser.close();
    }
    if (console != null) {
      console.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  private static void await(String what, Callable<Boolean> question) {
    Await.until(
        what,
        TIMEOUT,
        () -> {},
        () -> {
          try {
            return question.call();
          } catch (Exception e) {
            throw new IllegalStateException(what, e);
          }
        });
  }

  private static void awaitText(String text) {
    await("the page says: " + text, () -> browser.text().contains(text));
  }

  private static void openPage(int width, boolean dark) {
    browser
        .sized(width, width < 600 ? 844 : 900, dark)
        .open(ConsoleFile.running(FOLDER).orElseThrow().pageAddress());
  }

  /** Opens the page anew, and all of its views. A new page forgets errors of the one before. */
  private static void tour(String state, int width, boolean dark) throws Exception {
    openPage(width, dark);
    new ViewTour(browser, "cluster-" + state, width, dark).visit();
  }

  private static void show(String view) {
    browser.run("location.hash = '#/' + arguments[0]", view);
    await(
        "the view " + view,
        () ->
            Boolean.TRUE.equals(
                browser.run(
                    "return document.querySelector('[data-view=\"' + arguments[0] + '\"].view') !=="
                        + " null",
                    view)));
  }

  private static void click(String selector) {
    await(
        selector + " is there",
        () ->
            Boolean.TRUE.equals(
                browser.run(
                    """
                    const found = document.querySelector(arguments[0]);
                    if (found === null || found.disabled) {
                      return false;
                    }
                    found.click();
                    return true
                    """,
                    selector)));
  }

  /** A figure of the sum on the view Now; 0 while the page does not show it. */
  private static long figure(String name) {
    Object found =
        browser.run(
            """
            const one = [...document.querySelectorAll('.sum > div')].find(
              part => part.querySelector('.label').innerText.trim() === arguments[0]);
            return one ? Number(one.querySelector('.value').innerText.replaceAll(',', '')) : 0
            """,
            name);
    return ((Number) found).longValue();
  }

  /** The figure that the fast path answers; -1 while it has no answer. */
  private static long ask(String sql) throws Exception {
    List<String> rows = console.ask(sql).rows();
    return rows.isEmpty() ? -1 : Long.parseLong(rows.get(0));
  }

  @Test
  @Order(1)
  void pageSaysThatNoEventHasCome() throws Exception {
    openPage(1280, false);
    awaitText("running, no event has come yet");

    assertThat(browser.errors()).isEmpty();
    tour("empty", 1280, false);
    assertThat(browser.errors()).isEmpty();
    tour("empty", 390, true);
    show("layers");
    awaitText("No event is stored");
    show("duplicates");
    awaitText("No dropped copy is recorded");
    assertThat(browser.errors()).isEmpty();
  }

  @Test
  @Order(2)
  void figuresMoveAndTheSumCloses() throws Exception {
    openPage(1280, false);
    show("now");
    CompletableFuture<Long> sent = CompletableFuture.supplyAsync(BrowserClusterITCase::sendADay);
    await("a first message is counted", () -> figure("received") > 0);
    long early = figure("received");
    await("the figure moves", () -> figure("received") > early);
    long all = sent.join();
    await("all is received", () -> figure("received") == all && figure("on the way") == 0);

    assertThat(early).isLessThan(all);
    assertThat(figure("admitted") + figure("duplicates") + figure("rejected")).isEqualTo(all);
    assertThat(figure("duplicates")).isPositive();
    long admitted = figure("admitted");
    await("the fast path has them", () -> ask(COUNT) == admitted);
  }

  private static long sendADay() {
    GeneratorOptions options =
        GeneratorOptions.day(
            7, MESSAGES, GeneratorOptions.DEFAULTS.day(), GeneratorOptions.DEFAULTS.partitions());
    return new Sender(cluster.bootstrapServers(), LocalCluster.EVENTS)
        .send(new GeneratedMessages(options), Pace.perSecond(RATE), ProgressListener.NONE)
        .sent();
  }

  @Test
  @Order(3)
  void layersOfThePageHoldEveryAdmittedEvent() throws Exception {
    long admitted = ask(COUNT);
    openPage(1280, false);
    show("layers");
    await(
        "the lanes hold every event",
        () ->
            admitted
                == ((Number)
                        browser.run(
                            """
                            return [...document.querySelectorAll('.view table tbody tr')].slice(0, 4)
                              .map(row => Number(row.children[2].innerText.replaceAll(',', '')))
                              .reduce((sum, one) => sum + one, 0)
                            """))
                    .longValue());
  }

  @Test
  @Order(4)
  void everyViewIsShownLive() throws Exception {
    for (boolean dark : new boolean[] {false, true}) {
      tour("live", 1280, dark);
      assertThat(browser.errors()).isEmpty();
      tour("live", 390, dark);
      assertThat(browser.errors()).isEmpty();
    }
  }

  @Test
  @Order(5)
  void rejectedMessagesAreReplayedThroughThePage() throws Exception {
    String counted = "SELECT count(*) FROM rejected WHERE reason = 'not_json'";
    long before = ask(counted);
    openPage(1280, false);
    show("duplicates");
    click(".duplicates .tabs button:last-child");
    click("input[value=not_json]");
    click("fieldset + .row button.main");
    click("dialog[open] button[value=yes]");
    awaitText("messages were sent, 0 failed");

    long sent =
        Long.parseLong(
            browser
                .text()
                .replaceAll("(?s).*?([0-9,]+) messages were sent.*", "$1")
                .replace(",", ""));
    assertThat(before).isPositive();
    assertThat(sent).isBetween(1L, before);
    await("the job decides again", () -> ask(counted) == before + sent);
  }

  @Test
  @Order(6)
  void batchIsClosedThroughThePage() throws Exception {
    openPage(1280, false);
    show("batches");
    batch = oldestBatch();
    batchRows =
        ask(
            COUNT
                + " WHERE batch_number = (SELECT batch_number FROM batches WHERE batch = '%s')"
                    .formatted(batch));
    assertThat(batchRows).isPositive();

    change("Close", "closed");
    assertThat(console.nova("batch", "list")).containsPattern(batch + ".*closed");
  }

  /** The table has the newest batch first. */
  private static String oldestBatch() {
    await("four batches", () -> browser.text().contains("2026-03-02T18:00Z"));
    return String.valueOf(
        browser.run("return document.querySelector('tbody tr:last-child th').innerText"));
  }

  private static void change(String task, String state) {
    click("button[aria-label='%s batch %s']".formatted(task, batch));
    click("dialog[open] button[type=submit]");
    await(
        "the page shows " + state,
        () ->
            String.valueOf(
                    browser.run(
                        """
                        return [...document.querySelectorAll('tbody tr')]
                          .find(row => row.children[0].innerText === arguments[0])
                          .querySelector('.chip').innerText
                        """,
                        batch))
                .equals(state));
  }

  @Test
  @Order(7)
  void completedBatchLeavesTheAnswersAndComesBackWithdrawn() throws Exception {
    long all = ask(COUNT);

    change("Complete", "completed");
    await("its rows leave the answers", () -> ask(COUNT) == all - batchRows);
    assertThat(console.nova("batch", "list")).containsPattern(batch + ".*completed");
    await(
        "the notes are gone",
        () -> "".equals(browser.run("return document.getElementById('toasts').innerText")));
    click("button[aria-label='Audit batch %s']".formatted(batch));
    awaitText("%,d events, digest".formatted(batchRows));
    browser.screenshot("batches-cluster-audit-1280");

    change("Withdraw", "withdrawn");
    await("its rows are back", () -> ask(COUNT) == all);
    assertThat(console.nova("batch", "list")).containsPattern(batch + ".*withdrawn");
  }

  @Test
  @Order(8)
  void pageSaysThatTheKilledJobIsDown() throws Exception {
    openPage(1280, false);
    show("now");
    awaitText("all 128 shards answer");
    cluster.killTaskManager(0);
    cluster.killTaskManager(1);
    await(
        "the line of state is that of a job that is down",
        () ->
            "DOWN".equals(browser.run("return document.getElementById('state').dataset.level")));
    assertThat(browser.text()).contains("No running job reports received messages");

    tour("down", 1280, false);
    assertThat(browser.errors()).allMatch(error -> error.contains("Failed to load resource"));
    tour("down", 390, true);
    assertThat(browser.errors()).allMatch(error -> error.contains("Failed to load resource"));
  }
}
