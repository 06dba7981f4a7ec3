package io.nova.sql.source;

import io.nova.iceberg.BatchTable;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.Storage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.util.Optional;
import org.apache.flink.table.catalog.exceptions.CatalogException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.iceberg.Table;

/**
 * The folder in which the job keeps its Iceberg table. No method caches: each call reads the folder
 * again.
 *
 * @param location a path or URI for Hadoop's file systems
 */
public record Warehouse(String location) implements Serializable {
  /**
   * Checks that the location is not empty.
   *
   * @throws IllegalArgumentException if it is
   */
  public Warehouse {
    if (location.isBlank()) {
      throw new IllegalArgumentException(
          "Option 'warehouse': it is empty, expected the folder of the job's nova.warehouse.");
    }
  }

  /**
   * Checks that the folder exists.
   *
   * @throws CatalogException if it is missing, is a file or cannot be reached
   */
  public void check() {
    Path path = new Path(location);
    try {
      Storage.mustHaveAtomicRename(location);
      FileStatus status = path.getFileSystem(Storage.configuration()).getFileStatus(path);
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

  /** The events table with its newest metadata; empty until the job has made it. */
  public Optional<EventTable> find() {
    return EventTable.find(location);
  }

  /** The table of the batch layer with its newest metadata; empty if there is none. */
  public Optional<Table> batches() {
    return BatchTable.find(location);
  }

  /**
   * The events table with its newest metadata.
   *
   * @throws CatalogException if the job has not made it yet; the message says what to do
   */
  public EventTable table() {
    return find()
        .orElseThrow(
            () ->
                new CatalogException(
                    "Warehouse "
                        + location
                        + ": it has no table nova.events yet. The job makes it when it starts;"
                        + " check that the job runs and that its nova.warehouse is this folder."));
  }
}
