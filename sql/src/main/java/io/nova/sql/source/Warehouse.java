package io.nova.sql.source;

import io.nova.iceberg.BatchTable;
import io.nova.iceberg.CatalogAddress;
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
 * The warehouse in which the job keeps its Iceberg table. No method caches: each call reads the
 * catalog again.
 *
 * @param address the warehouse and its catalog
 */
public record Warehouse(CatalogAddress address) implements Serializable {
  /**
   * Checks that the location is not empty.
   *
   * @throws IllegalArgumentException if it is
   */
  public Warehouse {
    if (address.warehouse().isBlank()) {
      throw new IllegalArgumentException(
          "Option 'warehouse': it is empty, expected the folder of the job's nova.warehouse.");
    }
  }

  /** A warehouse of the Hadoop catalog. */
  public Warehouse(String location) {
    this(CatalogAddress.hadoop(location));
  }

  /** The folder, or the name that a REST catalog has for the warehouse. */
  public String location() {
    return address.warehouse();
  }

  /**
   * Checks that the catalog answers, and that the folder of a Hadoop catalog exists.
   *
   * @throws CatalogException if it is missing, is a file or cannot be reached
   */
  public void check() {
    if (address.isHadoop()) {
      checkFolder(location());
    } else {
      askCatalog();
    }
  }

  private void askCatalog() {
    try {
      Optional<EventTable> unused = find();
    } catch (RuntimeException failed) {
      throw new CatalogException(
          "Warehouse %s: its %s catalog cannot be used (%s). No catalog was made."
              .formatted(location(), address.kind(), failed.getMessage()),
          failed);
    }
  }

  private static void checkFolder(String location) {
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
    return EventTable.find(address);
  }

  /** The table of the batch layer with its newest metadata; empty if there is none. */
  public Optional<Table> batches() {
    return BatchTable.find(address);
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
                        + location()
                        + ": it has no table nova.events yet. The job makes it when it starts;"
                        + " check that the job runs and that its nova.warehouse is this folder."));
  }
}
