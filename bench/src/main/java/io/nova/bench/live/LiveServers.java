package io.nova.bench.live;

import io.nova.iceberg.EventTable;
import io.nova.iceberg.Storage;
import io.nova.iceberg.commit.LinkSummary;
import io.nova.live.client.LiveClient;
import io.nova.live.protocol.Announcement;
import io.nova.live.protocol.Announcements;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The live servers of a job, found by their announcements as in a query. */
final class LiveServers {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final long STEP_MS = 200;

  final EventTable table;
  final LiveClient client = new LiveClient(Optional.empty(), "", TIMEOUT);
  final List<Announcement> announced;

  private LiveServers(EventTable table, List<Announcement> announced) {
    this.table = table;
    this.announced = announced;
  }

  /** Waits until {@code subtasks} subtasks of the warehouse's job have announced a server. */
  static LiveServers await(String warehouse, int subtasks)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    while (System.nanoTime() - start < TIMEOUT.toNanos()) {
      Optional<LiveServers> found = look(warehouse).filter(s -> s.announced.size() == subtasks);
      if (found.isPresent()) {
        return found.get();
      }
      Thread.sleep(STEP_MS);
    }
    throw new IllegalStateException(
        "Found fewer than " + subtasks + " live servers within " + TIMEOUT);
  }

  private static Optional<LiveServers> look(String warehouse) throws IOException {
    Optional<EventTable> table = EventTable.find(warehouse);
    Optional<String> generation =
        table
            .flatMap(t -> LinkSummary.of(t.iceberg().currentSnapshot()))
            .map(LinkSummary::generation);
    if (generation.isEmpty()) {
      return Optional.empty();
    }
    String location = table.get().iceberg().location();
    return Optional.of(
        new LiveServers(
            table.get(),
            new Announcements(location, Storage.configuration()).read(generation.get())));
  }
}
