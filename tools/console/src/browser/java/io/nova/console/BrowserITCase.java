package io.nova.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nova.console.view.DemoStore;
import io.nova.fixtures.Waiting;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The page in a real browser, over a store that is empty, full of hostile text, or away. */
class BrowserITCase {
  private static Browser browser;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    Browser.missing().ifPresent(reason -> assumeTrue(false, reason));
    browser = new Browser();
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
  }

  /** Width, height, dark. */
  static Stream<Arguments> sizes() {
    return Stream.of(
        Arguments.of(1280, 900, false),
        Arguments.of(390, 844, false),
        Arguments.of(1280, 900, true));
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void emptyStoreSaysWhatToDo(int width, int height, boolean dark) throws Exception {
    try (DemoStore store = DemoStore.start(0, folder)) {
      browser.sized(width, height, dark).open(store.page());
      new ViewTour(browser, "empty", width, dark).visit();
      assertThat(browser.errors()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void liveStoreIsShownAndHostileTextStaysText(int width, int height, boolean dark)
      throws Exception {
    try (DemoStore store = DemoStore.start(0, folder)) {
      store.fill();
      store.addHostileEvents();
      browser.sized(width, height, dark).open(store.page());
      Waiting.until(() -> browser.text().contains("all 128 shards answer"));
      assertThat(browser.run("return location.href")).asString().doesNotContain("token");
      new ViewTour(browser, "live", width, dark).visit();
      askForHostileText();
      browser.screenshot("ask-answer-%d%s".formatted(width, dark ? "-dark" : ""));
      assertThat(browser.overflow()).isLessThanOrEqualTo(0);
      assertThat(browser.errors()).isEmpty();
    }
  }

  private static void askForHostileText() throws InterruptedException {
    browser.run("location.hash = '#/ask'");
    Waiting.until(() -> browser.text().contains("No answer yet"));
    ask("SELECT * FROM events ORDER BY length(event_type) DESC LIMIT 5");
    Waiting.until(() -> browser.text().contains("rows read"));
    assertThat(browser.text())
        .contains("<img src=x onerror=\"window.hacked=1\">")
        .contains("[U+202E]")
        .contains("letters)");
    assertThat(
            browser.run(
                "return document.querySelectorAll('main img, main iframe, main script').length"))
        .isEqualTo(0L);
    browser.run(
        "[...document.querySelectorAll('button')].find(one => one.innerText === 'Chart').click()");
    ask("SELECT 'snapshot', 4274699668088088385 + 1 AS snapshot_id");
    Waiting.until(() -> browser.text().contains("4274699668088088386"));
    ask("SELECT event_type, count(*) AS events FROM events GROUP BY ALL");
    Waiting.until(() -> browser.text().contains("javascript:window.hacked=1"));
    browser.run(
        "[...document.querySelectorAll('button')].find(one => one.innerText === 'Chart').click()");
    Waiting.until(
        () ->
            Boolean.TRUE.equals(
                browser.run("return document.querySelector('.plot canvas') !== null")));
    Thread.sleep(500);
    assertThat(browser.run("return window.hacked === undefined")).isEqualTo(true);
  }

  private static void ask(String sql) {
    browser.run(
        "const area = document.querySelector('textarea'); area.value ="
            + " arguments[0];[...document.querySelectorAll('button')].find(one => one.innerText ==="
            + " 'Run').click()",
        sql);
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void storeThatIsAwayIsSaidSo(int width, int height, boolean dark) throws Exception {
    try (DemoStore store = DemoStore.start(0, folder)) {
      store.fill();
      browser.sized(width, height, dark).open(store.page());
      Waiting.until(() -> browser.text().contains("all 128 shards answer"));
      store.flink().close();
      store.engine().away("The store does not answer: key groups 0-63 are missing.");
      Waiting.until(() -> browser.text().contains("The job is down"));
      new ViewTour(browser, "away", width, dark).visit();
      assertThat(browser.errors()).allMatch(error -> error.contains("Failed to load resource"));
    }
  }

  @Test
  void statementThatNeverEndsIsCancelled() throws Exception {
    try (DemoStore store = DemoStore.start(0, folder)) {
      browser.sized(1280, 900, false).open(store.page());
      browser.run("location.hash = '#/ask'");
      Waiting.until(() -> browser.text().contains("No answer yet"));
      ask("SELECT count(*) FROM range(1000000) a, range(1000000) b");
      Thread.sleep(500);
      browser.run(
          "[...document.querySelectorAll('button')].find(one => one.innerText ==="
              + " 'Cancel').click()");
      Waiting.until(() -> browser.text().contains("The statement was cancelled"));
    }
  }

  @Test
  void pageWithoutATokenAsksForTheAddress() throws Exception {
    try (DemoStore store = DemoStore.start(0, folder)) {
      browser.run("sessionStorage.clear()");
      browser.open(store.page().replaceFirst("#.*", ""));
      Waiting.until(() -> browser.text().contains("This page needs its token"));
    }
  }
}
