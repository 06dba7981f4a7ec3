package io.nova.sql.source.enumerator;

import io.nova.live.cut.Cut;
import io.nova.live.cut.LeasedCut;
import io.nova.live.cut.LiveAccess;
import io.nova.sql.source.Warehouse;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The registry that gives all scans of one query the same cut. A query that names the table twice
 * (a self-join, a UNION) has two sources. They start independently and, in batch mode, perhaps
 * minutes apart. The first of them takes the cut for the whole Flink job.
 *
 * <p>The registry is in the JobManager. A live cut is closed when the last scan of its query
 * releases it. A committed cut has no leases and is remembered longer, so that a restarted job
 * reads the same snapshot: beyond {@value #REMEMBERED} queries the oldest finished one is
 * forgotten.
 *
 * <p>Thread-safe. Taking a cut blocks only the scans of the same query.
 */
public final class QueryCuts {
  private static final int REMEMBERED = 1000;

  private static final Map<Query, Shared> CUTS = new LinkedHashMap<>();

  /**
   * A query.
   *
   * @param jobId id of its Flink job
   * @param warehouse the warehouse that it reads
   * @param access the settings of a live read; empty for a committed read
   */
  record Query(String jobId, Warehouse warehouse, Optional<LiveAccess> access) {}

  private static final class Shared {
    private @Nullable LeasedCut leased;
    private int scans;

    synchronized Cut cut(Supplier<LeasedCut> take, UnaryOperator<Cut> extend) {
      if (leased == null) {
        leased = take.get();
      }
      leased = leased.with(extend.apply(leased.cut()));
      return leased.cut();
    }

    synchronized void close() {
      if (leased != null) {
        leased.close();
      }
    }
  }

  private QueryCuts() {}

  /**
   * The cut of this query; taken now if this scan is the first. The caller releases it once.
   *
   * @param take takes the cut; if it throws, the next scan tries again
   * @param extend adds what this scan needs, once the cut is taken; returns the cut itself if it
   *     has that already
   */
  static Cut acquire(Query query, Supplier<LeasedCut> take, UnaryOperator<Cut> extend) {
    Shared shared;
    synchronized (CUTS) {
      shared = CUTS.computeIfAbsent(query, first -> new Shared());
      shared.scans++;
    }
    try {
      return shared.cut(take, extend);
    } catch (RuntimeException failed) {
      release(query);
      throw failed;
    }
  }

  /** Releases the cut for one scan. */
  static void release(Query query) {
    Shared unused;
    synchronized (CUTS) {
      Shared shared = CUTS.get(query);
      if (shared == null || --shared.scans > 0) {
        return;
      }
      if (query.access().isEmpty()) {
        forgetOldest();
        return;
      }
      unused = CUTS.remove(query);
    }
    if (unused != null) {
      unused.close();
    }
  }

  private static void forgetOldest() {
    Iterator<Shared> shared = CUTS.values().iterator();
    while (CUTS.size() > REMEMBERED && shared.hasNext()) {
      if (shared.next().scans == 0) {
        shared.remove();
      }
    }
  }
}
