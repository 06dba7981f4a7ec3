package io.nova.sql;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.data.Record;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Queries of a job on a new warehouse. The test knows every event that was admitted. */
abstract class JobQueries {
  /** Options of a catalog that asks the job for its live views. */
  static final String OPTIONS =
      ", 'read' = 'live', 'live.wait' = '1 s', 'live.token' = '" + TestJob.TOKEN + "'";

  @TempDir Path folder;
  TestJob job;
  EmbeddedSql sql;
  final TestEvents events;
  final List<Record> admitted = new ArrayList<>();

  /** Queries over events that a seed determines. */
  JobQueries(long seed) {
    this.events = new TestEvents(seed);
  }

  @BeforeEach
  void start() {
    job = new TestJob(folder);
    sql = EmbeddedSql.batch(job.location(), OPTIONS);
  }

  @AfterEach
  void stop() {
    job.close();
  }

  /** Admits events, a microsecond apart. */
  void admit(String from, int count) {
    List<Record> rows = events.uploaded(from, 1, count);
    admitted.addAll(rows);
    job.admit(rows);
  }
}
