package io.nova.console.ask;

import io.nova.console.ask.topic.AskTopics;
import io.nova.iceberg.CatalogAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/**
 * The settings of the fast path.
 *
 * @param catalog the warehouse and its catalog
 * @param folder a folder of its own, for the cache and for temporary files
 * @param liveToken the token of live servers that announce none; may be empty
 * @param tls for live servers that speak TLS
 * @param liveWait time for which a live cut is tried until every key group has answered
 * @param refresh least time between two cuts
 * @param memoryMb DuckDB's memory limit, in MiB
 * @param threads DuckDB's threads
 * @param tempMb greatest size of DuckDB's temporary files, in MiB
 * @param cacheMb greatest size of copies of remote files, in MiB
 * @param statements greatest number of statements that run at once
 * @param topics the topics of the tables {@code rejected} and {@code duplicates}
 * @param tableRows rows of open blocks and block files after which a table of DuckDB is full
 */
public record AskOptions(
    CatalogAddress catalog,
    Path folder,
    String liveToken,
    Optional<SSLContext> tls,
    Duration liveWait,
    Duration refresh,
    int memoryMb,
    int threads,
    int tempMb,
    int cacheMb,
    int statements,
    Optional<AskTopics> topics,
    int tableRows) {
  /** Settings with the defaults of {@code nova console}, but for two threads. */
  public static AskOptions of(CatalogAddress catalog, Path folder) {
    return new AskOptions(
        catalog,
        folder,
        "",
        Optional.empty(),
        Duration.ofSeconds(5),
        Duration.ofSeconds(1),
        1024,
        2,
        4096,
        4096,
        4,
        Optional.empty(),
        200_000);
  }

  /**
   * Checks the figures.
   *
   * @throws IllegalArgumentException if one is too small; the message names it
   */
  public AskOptions {
    atLeast("memory", memoryMb, 64);
    atLeast("threads", threads, 1);
    atLeast("temporary space", tempMb, 0);
    atLeast("cache", cacheMb, 1);
    atLeast("statements at once", statements, 1);
    atLeast("rows of a table", tableRows, 1);
    folder = folder.toAbsolutePath().normalize();
  }

  private static void atLeast(String what, int found, int least) {
    if (found < least) {
      throw new IllegalArgumentException(
          "The fast path's %s: found %d, expected %d or more".formatted(what, found, least));
    }
  }

  /** The same settings with another least time between two cuts. */
  public AskOptions refreshing(Duration every) {
    return changed(draft -> draft.refresh = every);
  }

  /** The same settings with a token for live servers that announce none. */
  public AskOptions withLiveToken(String token) {
    return changed(draft -> draft.liveToken = token);
  }

  /** The same settings with another wait for a live cut. */
  public AskOptions waiting(Duration wait) {
    return changed(draft -> draft.liveWait = wait);
  }

  /** The same settings with other limits of memory, in MiB, and threads. */
  public AskOptions limited(int memory, int threadCount) {
    return changed(
        draft -> {
          draft.memoryMb = memory;
          draft.threads = threadCount;
        });
  }

  /** The same settings with another greatest size of copies of remote files, in MiB. */
  public AskOptions caching(int cache) {
    return changed(draft -> draft.cacheMb = cache);
  }

  /** The same settings with these topics. */
  public AskOptions with(AskTopics read) {
    return changed(draft -> draft.topics = Optional.of(read));
  }

  /** The same settings with other sizes of DuckDB's tables. */
  AskOptions withTableRows(int rows) {
    return changed(draft -> draft.tableRows = rows);
  }

  private AskOptions changed(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.options();
  }

  /** The settings that may change, and those that they come from. */
  private static final class Draft {
    private final AskOptions from;
    private String liveToken;
    private Duration liveWait;
    private Duration refresh;
    private int memoryMb;
    private int threads;
    private int cacheMb;
    private Optional<AskTopics> topics;
    private int tableRows;

    private Draft(AskOptions from) {
      this.from = from;
      this.liveToken = from.liveToken;
      this.liveWait = from.liveWait;
      this.refresh = from.refresh;
      this.memoryMb = from.memoryMb;
      this.threads = from.threads;
      this.cacheMb = from.cacheMb;
      this.topics = from.topics;
      this.tableRows = from.tableRows;
    }

    private AskOptions options() {
      return new AskOptions(
          from.catalog,
          from.folder,
          liveToken,
          from.tls,
          liveWait,
          refresh,
          memoryMb,
          threads,
          from.tempMb,
          cacheMb,
          from.statements,
          topics,
          tableRows);
    }
  }
}
