package io.nova.cli.batch;

import com.fasterxml.jackson.databind.JsonNode;
import io.nova.cli.process.CommandException;
import io.nova.cli.sql.RowPrinter;
import io.nova.cli.sql.SqlSession;
import java.util.List;
import java.util.Set;

/**
 * The INSERT of a former run, which may go on after its command was killed. It would replace the
 * partition after this run has compared it.
 *
 * @param session a session on the cluster of the INSERT
 */
record RunningInsert(SqlSession session) {
  private static final Set<String> ENDED = Set.of("FINISHED", "FAILED", "CANCELED");

  /**
   * Checks that no INSERT of a batch runs.
   *
   * @param name the batch's name
   * @throws CommandException if one does
   */
  void mustHaveEnded(String name) {
    session.execute(
        "SHOW JOBS",
        new RowPrinter() {
          @Override
          public void columns(List<Column> columns) {}

          @Override
          public void row(JsonNode job) {
            mustHaveEnded(name, job.get(0).asText(), job.get(1).asText(), job.get(2).asText());
          }

          @Override
          public void end() {}
        });
  }

  /** Checks one job of the cluster. */
  static void mustHaveEnded(String name, String job, String jobName, String state) {
    if (jobName.equals("batch run " + name) && !ENDED.contains(state)) {
      throw new CommandException(
          "Batch %s: job %s of an earlier run still writes it (%s). Wait until it has ended, or stop it: STOP JOB '%s'. Then run the batch again. Nothing was done."
              .formatted(name, job, state, job));
    }
  }
}
