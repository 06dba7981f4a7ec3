package io.nova.console.ask.cut;

import io.nova.console.ask.AskDatabase;
import io.nova.live.cut.Cut;
import io.nova.system.SystemRow;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A cut whose rows DuckDB can read. {@link AskCuts} guards its changing fields by its own lock.
 *
 * <p>It lives while it is the current one, while questions use it, or while it is pinned.
 */
public final class AskCut {
  private final int number;
  private final Cut cut;
  private final Size size;
  private final Set<Integer> parts;
  private final Set<String> files;
  private final Set<Integer> tables;
  private final List<FileCache.Key> held;
  private final Map<String, List<SystemRow>> systemRows = new ConcurrentHashMap<>();

  int users;
  boolean current;
  long takenNanos;
  boolean closed;
  @Nullable Lambda lambda;

  /**
   * What a question on a table reads.
   *
   * @param rows number of rows
   * @param bytes size of the files
   */
  public record Size(long rows, long bytes) {
    /** The sum of both. */
    public Size plus(Size other) {
      return new Size(rows + other.rows, bytes + other.bytes);
    }
  }

  /**
   * The table {@code lambda_events} of the cut.
   *
   * @param cut the cut with a snapshot of the batch layer's table
   * @param held the files of the batch layer
   */
  public record Lambda(Cut cut, Size size, List<FileCache.Key> held) {}

  /**
   * A loaded cut.
   *
   * @param number names its views
   * @param parts its parts in the row store
   * @param files its block files
   * @param tables the tables of the row store that its view names
   * @param held its files in the cache
   */
  AskCut(
      int number,
      Cut cut,
      Size size,
      Set<Integer> parts,
      Set<String> files,
      Set<Integer> tables,
      List<FileCache.Key> held) {
    this.number = number;
    this.cut = cut;
    this.size = size;
    this.parts = Set.copyOf(parts);
    this.files = Set.copyOf(files);
    this.tables = Set.copyOf(tables);
    this.held = List.copyOf(held);
  }

  /** Names its views. No two cuts have the same. */
  public int number() {
    return number;
  }

  /** What it reads. */
  public Cut cut() {
    return cut;
  }

  /** What a question on {@code events} reads. */
  public Size size() {
    return size;
  }

  Set<Integer> parts() {
    return parts;
  }

  Set<String> files() {
    return files;
  }

  Set<Integer> tables() {
    return tables;
  }

  List<FileCache.Key> held() {
    return held;
  }

  /** The rows of system tables that questions on this cut have named. */
  Map<String, List<SystemRow>> systemRows() {
    return systemRows;
  }

  /** The view of a table in DuckDB. */
  public String view(String table) {
    return "%s.%s_%d".formatted(AskDatabase.SCHEMA, table, number);
  }
}
