package io.nova.iceberg;

import io.nova.fixtures.SwapFaults;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.rest.RestCatalogServer;

/**
 * A catalog of some kind with its tables in a folder. The next swap of one with a server may go
 * wrong.
 */
public final class TestCatalog implements AutoCloseable {
  private final CatalogAddress address;
  private final SwapFaults faults;
  private final AutoCloseable server;

  /** The kinds that run here. */
  public enum Kind {
    HADOOP,
    JDBC,
    REST
  }

  private TestCatalog(CatalogAddress address, SwapFaults faults, AutoCloseable server) {
    this.address = address;
    this.faults = faults;
    this.server = server;
  }

  /** A new catalog of a kind, with its tables below a folder. */
  public static TestCatalog open(Kind kind, Path folder) {
    SwapFaults faults = new SwapFaults();
    // Hadoop does not decode its paths.
    String warehouse = "file:" + folder;
    return switch (kind) {
      case HADOOP -> new TestCatalog(CatalogAddress.hadoop(folder.toString()), faults, () -> {});
      case JDBC -> jdbc(warehouse, faults);
      case REST -> rest(warehouse, faults);
    };
  }

  /** A catalog in a new database, with its tables in a warehouse of any store. */
  public static TestCatalog inDatabase(String warehouse) {
    return jdbc(warehouse, new SwapFaults());
  }

  private static TestCatalog jdbc(String warehouse, SwapFaults faults) {
    String uri = UnreliableDatabase.uri(UUID.randomUUID().toString(), faults);
    return new TestCatalog(
        CatalogAddress.of("", warehouse, Map.of("type", "jdbc", "uri", uri)), faults, () -> {});
  }

  /** A server over a database in memory. It chooses the folder of the table. */
  private static TestCatalog rest(String warehouse, SwapFaults faults) {
    Catalog behind =
        CatalogUtil.loadCatalog(
            JdbcCatalog.class.getName(),
            "server",
            Map.of(
                CatalogProperties.URI,
                "jdbc:h2:mem:%s;DB_CLOSE_DELAY=-1".formatted(UUID.randomUUID()),
                CatalogProperties.WAREHOUSE_LOCATION,
                warehouse),
            Storage.configuration());
    RestCatalogServer server = RestCatalogServer.start(behind, faults);
    return new TestCatalog(
        CatalogAddress.of("", "analytics", Map.of("type", "rest", "uri", server.uri())),
        faults,
        () -> {
          server.close();
          ((JdbcCatalog) behind).close();
        });
  }

  /** Where clients find it. */
  public CatalogAddress address() {
    return address;
  }

  /** What goes wrong next. */
  public SwapFaults faults() {
    return faults;
  }

  @Override
  public void close() {
    TableCatalog.close(address);
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
