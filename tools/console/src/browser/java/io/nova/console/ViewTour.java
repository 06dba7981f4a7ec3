package io.nova.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.cli.process.Await;
import java.time.Duration;
import java.util.List;

/**
 * Opens every view of the page and takes a screenshot of each. The page must have taken its token.
 *
 * @param state what the store is like, a part of the names of the screenshots
 */
record ViewTour(Browser browser, String state, int width, boolean dark) {
  private static final List<String> VIEWS =
      List.of("now", "layers", "ask", "charts", "duplicates", "batches", "runbook");

  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  private static final String SHOWN =
      """
      const view = document.querySelector('[data-view="' + arguments[0] + '"].view');
      return view !== null && view.innerText.trim() !== '' && !view.innerText.includes('Asking')
      """;

  /** Fails where a view is wider than the window, fails to load, or runs text of the store. */
  void visit() throws Exception {
    for (String view : VIEWS) {
      open(view);
      Thread.sleep(900);
      browser.screenshot("%s-%s-%d%s".formatted(view, state, width, dark ? "-dark" : ""));
      assertThat(browser.overflow()).as("overflow of %s at %d", view, width).isLessThanOrEqualTo(0);
      assertThat(browser.run("return window.hacked === undefined")).isEqualTo(true);
      assertThat(browser.text())
          .doesNotContain("cannot be loaded")
          .doesNotContain("The view failed");
    }
  }

  private void open(String view) {
    browser.run("location.hash = '#/' + arguments[0]", view);
    Await.until(
        "The view %s of %s".formatted(view, state),
        TIMEOUT,
        () -> {},
        () -> Boolean.TRUE.equals(browser.run(SHOWN, view)));
  }
}
