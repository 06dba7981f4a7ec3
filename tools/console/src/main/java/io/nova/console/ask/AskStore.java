package io.nova.console.ask;

import io.nova.console.ask.AskException.Kind;
import io.nova.console.ask.cut.AskCuts;
import io.nova.console.ask.cut.FileCache;
import io.nova.console.ask.topic.AskTopics;
import io.nova.console.ask.topic.AskedTopics;
import io.nova.iceberg.BatchTable;
import io.nova.iceberg.EventTable;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.iceberg.Table;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * What statements read: the cuts of a table and the tables of topics, in one database.
 *
 * @param database DuckDB
 * @param cuts the cuts of the table
 * @param topics the tables of topics
 */
record AskStore(AskDatabase database, AskCuts cuts, AskedTopics topics) {
  /**
   * Opens the table that the job made.
   *
   * @param consumers makes consumers that have no group
   * @param clock the time of records
   * @param nanoClock a clock as {@link System#nanoTime}
   * @throws AskException if there is no table, or DuckDB does not open
   */
  static AskStore open(
      AskOptions options,
      Function<AskTopics, Consumer<byte[], byte[]>> consumers,
      InstantSource clock,
      LongSupplier nanoClock)
      throws AskException {
    try {
      EventTable table = table(options);
      EventTable liveTable = table(options);
      Path copies = options.folder().resolve("cache");
      ArrayList<Path> readable = new ArrayList<>(folders(table.dataFolder()));
      BatchTable.find(options.catalog())
          .map(Table::location)
          .ifPresent(location -> readable.addAll(folders(location + "/data")));
      FileCache cache = new FileCache(copies, (long) options.cacheMb() << 20, readable);
      readable.add(copies);
      AskDatabase database = AskDatabase.open(options, readable);
      boolean opened = false;
      try {
        AskStore store =
            new AskStore(
                database,
                new AskCuts(options, table, liveTable, database, cache, nanoClock),
                new AskedTopics(options, database, consumers, clock));
        opened = true;
        return store;
      } finally {
        if (!opened) {
          database.close();
        }
      }
    } catch (IOException | SQLException | RuntimeException e) {
      throw new AskException(Kind.UNAVAILABLE, "The store cannot be opened: " + e.getMessage());
    }
  }

  private static EventTable table(AskOptions options) throws AskException {
    return EventTable.find(options.catalog())
        .orElseThrow(
            () ->
                new AskException(
                    Kind.UNAVAILABLE,
                    "Warehouse %s has no table nova.events yet. The job makes it when it starts."
                        .formatted(options.catalog().warehouse())));
  }

  /** The folder on a local disk; none if it is elsewhere. */
  private static List<Path> folders(String location) {
    String local = FileCache.localPath(location);
    return local.isEmpty() ? List.of() : List.of(Path.of(local).toAbsolutePath().normalize());
  }
}
