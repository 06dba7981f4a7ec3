package io.nova.sql.source.enumerator;

import io.nova.sql.source.Warehouse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Makes all scans of one query read one snapshot. A query that names the table twice (a join with
 * itself, a UNION) has two sources, which start independently and, in batch mode, perhaps minutes
 * apart; the first of them chooses for the whole Flink job, and a restart of the job finds the same
 * choice.
 *
 * <p>The choices live in the JobManager, one a query, and the oldest are forgotten beyond {@value
 * #REMEMBERED}. Thread-safe.
 */
public final class QuerySnapshots {
  private static final int REMEMBERED = 1000;

  private static final Map<Query, Optional<Long>> CHOSEN =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Query, Optional<Long>> eldest) {
          return size() > REMEMBERED;
        }
      };

  private record Query(String jobId, Warehouse warehouse) {}

  private QuerySnapshots() {}

  /** The snapshot that this job reads of this warehouse; empty if the table had none. */
  static Optional<Long> choose(
      String jobId, Warehouse warehouse, Supplier<Optional<Long>> current) {
    synchronized (CHOSEN) {
      return CHOSEN.computeIfAbsent(new Query(jobId, warehouse), first -> current.get());
    }
  }
}
