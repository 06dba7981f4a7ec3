package io.nova.job.options;

import io.nova.fixtures.ReferencePage;
import org.junit.jupiter.api.Test;

class JobOptionsPageTest {
  private static final String INTRODUCTION =
      """
      Give options on the command line (`--nova.shards 64`) or in a properties file (`--config FILE`).
      The job checks all of them before it starts.
      An unknown name or a value out of bounds stops the start and is named.

      Durations take a unit: `10 s`, `5 min`, `24 h`, `7 d`.
      Sizes take a unit, too: `256 mb`, `1 gb`.
      A cell without a default means that the option is empty unless its text says otherwise.

      """;

  @Test
  void pageHasEveryOptionWithItsDefault() {
    ReferencePage.hold(
        "job-options.md",
        JobOptionsPageTest.class,
        "Options of the job",
        INTRODUCTION + OptionTable.markdown());
  }
}
