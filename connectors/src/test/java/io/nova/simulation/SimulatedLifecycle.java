package io.nova.simulation;

import io.nova.iceberg.Chunk;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.commit.CommitChain;
import io.nova.iceberg.commit.CommitterState;
import io.nova.iceberg.commit.Link;
import io.nova.iceberg.commit.TableHandoff;
import io.nova.iceberg.lifecycle.NamedByState;
import io.nova.iceberg.lifecycle.Retention;
import io.nova.iceberg.lifecycle.TableLifecycle;
import io.nova.shard.BlockFile;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Set;

/** The lifecycle task of a simulated job, at the time when all before a moment is too old. */
final class SimulatedLifecycle {
  private static final Duration HOUR = Duration.ofHours(1);

  private final TableHandoff handoff;
  private final TableLifecycle lifecycle;
  private final Instant now;

  /** The task at the time when savepoints from before a moment are too old. */
  SimulatedLifecycle(EventTable table, CommitChain chain, long beforeMs) {
    now = Instant.ofEpochMilli(beforeMs).plus(HOUR);
    handoff = new TableHandoff(chain);
    lifecycle = at(table, chain, now);
  }

  static TableLifecycle at(EventTable table, CommitChain chain, Instant now) {
    return new TableLifecycle(
        table, chain, new Retention(HOUR, Duration.ofSeconds(1)), Clock.fixed(now, ZoneOffset.UTC));
  }

  /** Does a run. Returns the number of files that it has removed. */
  int run(CommitterState state) {
    handoff.dropTags(now, HOUR);
    while (lifecycle.step(named(state))) {
      // Each step does its own part.
    }
    return Math.toIntExact(lifecycle.figures().removedFiles());
  }

  private static NamedByState named(CommitterState state) {
    Set<String> links = new HashSet<>(Set.of(state.applied()));
    Set<String> files = new HashSet<>();
    for (Link link : state.pending()) {
      links.add(link.uuid());
      link.blockFiles().stream().map(BlockFile::path).forEach(files::add);
      link.chunks().stream().map(Chunk::path).forEach(files::add);
    }
    return new NamedByState(links, files);
  }
}
