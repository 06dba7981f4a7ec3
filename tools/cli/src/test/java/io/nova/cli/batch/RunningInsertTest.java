package io.nova.cli.batch;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.cli.process.CommandException;
import org.junit.jupiter.api.Test;

class RunningInsertTest {
  @Test
  void aRunWaitsForTheInsertOfAnEarlierRun() {
    assertThatThrownBy(
            () ->
                RunningInsert.mustHaveEnded(
                    "2026-11-21", "ab12", "batch run 2026-11-21", "RUNNING"))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("job ab12 of an earlier run still writes it (RUNNING)")
        .hasMessageContaining("STOP JOB 'ab12'");
  }

  @Test
  void otherJobsAndThoseThatHaveEndedDoNotMatter() {
    RunningInsert.mustHaveEnded("2026-11-21", "ab", "batch run 2026-11-22", "RUNNING");
    RunningInsert.mustHaveEnded("2026-11-21", "ab", "nova", "RUNNING");
    RunningInsert.mustHaveEnded("2026-11-21", "ab", "batch run 2026-11-21", "FINISHED");
    RunningInsert.mustHaveEnded("2026-11-21", "ab", "batch run 2026-11-21", "FAILED");
  }
}
