package io.nova.kafka.batches.client;

import io.nova.iceberg.EventTable;
import io.nova.iceberg.Storage;
import io.nova.iceberg.commit.LinkSummary;
import io.nova.live.protocol.Announcements;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Whether the job of a table has announced its live views there. It may have ended since. */
final class AnnouncedJob {
  private AnnouncedJob() {}

  static boolean isThere(EventTable table) {
    Optional<LinkSummary> head = LinkSummary.of(table.refresh().iceberg().currentSnapshot());
    return head.isPresent() && isThere(table.location(), head.get().generation());
  }

  private static boolean isThere(String location, String generation) {
    try {
      return !new Announcements(location, Storage.configuration()).read(generation).isEmpty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
