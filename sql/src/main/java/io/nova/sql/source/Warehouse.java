package io.nova.sql.source;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.util.Optional;
import org.apache.flink.table.catalog.exceptions.CatalogException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.hadoop.HadoopCatalog;

/**
 * The folder in which the job keeps its Iceberg table. Every call looks at the folder anew.
 *
 * @param location a path or URI for Hadoop's file systems
 */
public record Warehouse(String location) implements Serializable {
  private static final TableIdentifier EVENTS = TableIdentifier.of(Namespace.of("nova"), "events");

  /** Refuses an empty location. */
  public Warehouse {
    if (location.isBlank()) {
      throw new IllegalArgumentException(
          "Option 'warehouse': it is empty, expected the folder of the job's nova.warehouse.");
    }
  }

  /**
   * Checks that the folder is there.
   *
   * @throws CatalogException if it is missing, is a file or cannot be reached
   */
  public void check() {
    Path path = new Path(location);
    try {
      FileStatus status = path.getFileSystem(new Configuration()).getFileStatus(path);
      if (!status.isDirectory()) {
        throw new CatalogException(
            "Warehouse " + location + ": found a file, expected a folder. No catalog was made.");
      }
    } catch (FileNotFoundException missing) {
      throw new CatalogException(
          "Warehouse "
              + location
              + ": there is no such folder. No catalog was made. Start the job with this"
              + " nova.warehouse first, or correct the option 'warehouse'.",
          missing);
    } catch (IOException | IllegalArgumentException failed) {
      throw new CatalogException(
          "Warehouse %s: it cannot be reached (%s). No catalog was made."
              .formatted(location, failed),
          failed);
    }
  }

  /** The events table as it is now, or empty while nothing has been committed to the warehouse. */
  public Optional<Table> events() {
    try (HadoopCatalog catalog = new HadoopCatalog(new Configuration(), location)) {
      return Optional.of(catalog.loadTable(EVENTS));
    } catch (NoSuchTableException none) {
      return Optional.empty();
    } catch (IOException failed) {
      throw new CatalogException("Warehouse " + location + ": closing it failed.", failed);
    }
  }

  /** The sentence for a query that comes before the table. */
  public String noTableYet() {
    return "Warehouse "
        + location
        + ": it holds no table nova.events yet. The job makes it when it starts; look whether the"
        + " job runs and whether its nova.warehouse is this folder.";
  }
}
