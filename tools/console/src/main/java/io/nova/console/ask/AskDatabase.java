package io.nova.console.ask;

import io.nova.console.ask.cut.AskColumns;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * DuckDB, locked down: it reads files below the given folders only, and no statement changes a
 * setting. Its tables are in a file that is compressed and may be larger than the memory limit. The
 * file is removed at the end. Thread-safe.
 */
public final class AskDatabase implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(AskDatabase.class);

  /** The file of {@link #SCHEMA}, as a database of DuckDB. */
  private static final String CATALOG = "store";

  private static final String SCHEMA_IN_CATALOG = "nova";

  /** The schema of the tables that users do not see. */
  public static final String SCHEMA = CATALOG + "." + SCHEMA_IN_CATALOG;

  /**
   * Rows of a row group. DuckDB's default is 122,880. It keeps a row group that is not full
   * uncompressed, and compresses it again at each checkpoint.
   */
  private static final int ROW_GROUP_ROWS = 10_240;

  private final DuckDBConnection first;
  private final Path file;

  private AskDatabase(DuckDBConnection first, Path file) {
    this.first = first;
    this.file = file;
  }

  /**
   * Opens a database.
   *
   * @param readable folders whose files it may read
   * @throws IOException if its own folder cannot be made
   */
  static AskDatabase open(AskOptions options, List<Path> readable)
      throws IOException, SQLException {
    Properties properties = new Properties();
    properties.setProperty(DuckDBDriver.JDBC_STREAM_RESULTS, "true");
    Path file =
        Files.createDirectories(options.folder().resolve("duckdb"))
            .resolve(UUID.randomUUID() + ".db");
    DuckDBConnection connection =
        DriverManager.getConnection("jdbc:duckdb:", properties).unwrap(DuckDBConnection.class);
    try (Statement statement = connection.createStatement()) {
      for (String setting : settings(options, readable, file)) {
        statement.execute(setting);
      }
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
    return new AskDatabase(connection, file);
  }

  /** External access ends after the folders are known. The lock comes last. */
  private static List<String> settings(AskOptions options, List<Path> readable, Path file) {
    ArrayList<String> settings = new ArrayList<>();
    settings.add("SET GLOBAL TimeZone = 'UTC'");
    settings.add("SET GLOBAL threads = " + options.threads());
    settings.add("SET GLOBAL memory_limit = '%dMiB'".formatted(options.memoryMb()));
    settings.add(
        "SET GLOBAL temp_directory = "
            + AskColumns.literal(options.folder().resolve("duckdb").toString()));
    settings.add("SET GLOBAL max_temp_directory_size = '%dMiB'".formatted(options.tempMb()));
    settings.add("SET GLOBAL preserve_insertion_order = false");
    settings.add("SET GLOBAL parquet_metadata_cache = true");
    settings.add("SET GLOBAL autoinstall_known_extensions = false");
    settings.add("SET GLOBAL autoload_known_extensions = false");
    settings.add("SET GLOBAL allow_community_extensions = false");
    settings.add(
        "ATTACH %s AS %s (ROW_GROUP_SIZE %d)"
            .formatted(AskColumns.literal(file.toString()), CATALOG, ROW_GROUP_ROWS));
    settings.add(
        readable.stream()
            .map(folder -> AskColumns.literal(folder + "/"))
            .collect(Collectors.joining(", ", "SET GLOBAL allowed_directories = [", "]")));
    settings.add("SET GLOBAL enable_external_access = false");
    settings.add("CREATE SCHEMA " + SCHEMA);
    settings.add("SET GLOBAL lock_configuration = true");
    return settings;
  }

  /** A connection for one thread. The caller closes it. */
  public DuckDBConnection connect() throws SQLException {
    return first.duplicate();
  }

  /** An appender to a table of {@link #SCHEMA}. The caller closes it. */
  public static DuckDBAppender appender(DuckDBConnection connection, String table)
      throws SQLException {
    return connection.createAppender(CATALOG, SCHEMA_IN_CATALOG, table);
  }

  @Override
  public void close() {
    try {
      first.close();
    } catch (SQLException e) {
      throw new IllegalStateException("DuckDB did not close: " + e.getMessage(), e);
    }
    remove(file);
    remove(file.resolveSibling(file.getFileName() + ".wal"));
  }

  /** A file that is left is removed by the next console. */
  private static void remove(Path file) {
    try {
      boolean unused = Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warn("File {} was not removed: {}", file, e.getMessage());
    }
  }
}
