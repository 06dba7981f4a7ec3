package io.nova.bench.side;

import io.nova.bench.event.BenchColumn;
import io.nova.bench.measure.Duck;
import io.nova.cli.sql.RowPrinter;
import io.nova.cli.sql.SqlSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;

/** Files of Nova's table in a folder of their own, for Flink's filesystem source. */
public final class PeerFolder {
  private final String table;
  private final Path folder;

  private PeerFolder(String table, Path folder) {
    this.table = table;
    this.folder = folder;
  }

  /** Makes a folder of hard links: the same bytes for both sides. */
  public static PeerFolder of(String table, Path parent, List<Path> files) throws IOException {
    Path folder = Files.createDirectories(parent.resolve(table));
    for (int i = 0; i < files.size(); i++) {
      Files.createLink(folder.resolve("chunk-%05d.parquet".formatted(i)), files.get(i));
    }
    return new PeerFolder(table, folder);
  }

  /** Makes a folder of one file with one row, so that a query of it does next to nothing. */
  public static PeerFolder ofOneRow(String table, Path parent, List<Path> files, Statement duck)
      throws IOException, SQLException {
    Path folder = Files.createDirectories(parent.resolve(table));
    duck.execute(
        "COPY (FROM %s LIMIT 1) TO '%s' (FORMAT parquet, COMPRESSION zstd)"
            .formatted(Duck.parquet(files.subList(0, 1)), folder.resolve("row.parquet")));
    return new PeerFolder(table, folder);
  }

  /** Its name in SQL. */
  public String name() {
    return "default_catalog.default_database." + table;
  }

  /** Declares the table in a session, which must know the jar of Flink's Parquet format. */
  public void declare(SqlSession session) {
    session.execute(statement(), RowPrinter.NOWHERE);
  }

  /** The declaration of the table. */
  public String statement() {
    String columns =
        BenchColumn.ALL.stream()
            .map(column -> "%s %s".formatted(column.name(), column.type()))
            .collect(Collectors.joining(", "));
    return "CREATE TEMPORARY TABLE %s (%s) WITH ('connector' = 'filesystem', 'path' = 'file://%s', 'format' = 'parquet', 'parquet.utc-timezone' = 'true')"
        .formatted(name(), columns, folder);
  }

  /** Lets a session read Parquet files. */
  public static void addJar(SqlSession session) {
    session.execute(
        "ADD JAR '%s'".formatted(BenchCluster.peerJar("flink-sql-parquet")), RowPrinter.NOWHERE);
  }
}
