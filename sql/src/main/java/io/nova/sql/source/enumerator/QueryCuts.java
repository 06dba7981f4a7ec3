package io.nova.sql.source.enumerator;

import io.nova.sql.live.Cut;
import io.nova.sql.live.LeasedCut;
import io.nova.sql.live.LiveAccess;
import io.nova.sql.source.Warehouse;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes all scans of one query read one live cut, as {@link QuerySnapshots} does for committed
 * reads. The cuts live in the JobManager, each for as long as a scan of its query does; Flink ends
 * all scans of a job together. Thread-safe; a cut that takes its time holds up its own query alone.
 */
public final class QueryCuts {
  private static final Map<Query, Shared> CUTS = new HashMap<>();

  /** A query, and what it wants. */
  record Query(String jobId, Warehouse warehouse, LiveAccess access) {}

  private static final class Shared {
    private @Nullable LeasedCut held;
    private int users;

    synchronized Cut cut(Supplier<LeasedCut> first) {
      if (held == null) {
        held = first.get();
      }
      return held.cut();
    }

    synchronized void close() {
      if (held != null) {
        held.close();
      }
    }
  }

  private QueryCuts() {}

  /** The cut of this query, taken now if it is the first to ask. To be released as often. */
  static Cut acquire(Query query, Supplier<LeasedCut> take) {
    Shared shared;
    synchronized (CUTS) {
      shared = CUTS.computeIfAbsent(query, first -> new Shared());
      shared.users++;
    }
    try {
      return shared.cut(take);
    } catch (RuntimeException failed) {
      release(query);
      throw failed;
    }
  }

  /** One of the query's scans is over. */
  static void release(Query query) {
    Shared last;
    synchronized (CUTS) {
      Shared shared = CUTS.get(query);
      if (shared == null || --shared.users > 0) {
        return;
      }
      last = CUTS.remove(query);
    }
    if (last != null) {
      last.close();
    }
  }
}
