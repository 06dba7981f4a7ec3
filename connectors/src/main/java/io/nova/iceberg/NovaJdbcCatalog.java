package io.nova.iceberg;

import java.util.Map;
import org.apache.iceberg.jdbc.JdbcCatalog;

/**
 * Iceberg's JDBC catalog by the name under which Nova registers its tables. A database keeps tables
 * by the name of their catalog, and Flink SQL has a name of its own for each catalog.
 *
 * <p>It loads and writes the tables of a batch layer. It does not look at a table after a lost
 * answer, as {@link TableCatalog} does.
 */
public final class NovaJdbcCatalog extends JdbcCatalog {
  /** For Iceberg, which makes catalogs by the names of their classes. */
  public NovaJdbcCatalog() {}

  @Override
  public void initialize(String nameOfTheEngine, Map<String, String> properties) {
    super.initialize(TableCatalog.NAME, properties);
  }
}
