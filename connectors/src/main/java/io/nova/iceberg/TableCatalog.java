package io.nova.iceberg;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.hadoop.HadoopCatalog;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place that opens Iceberg catalogs. Its tables look at the catalog after a commit without
 * a clear answer, see {@link VerifiedOperations}.
 *
 * <p>A catalog with connections is opened once for each address and class loader, and stays open
 * until {@link #closeAll()}. Thread safe.
 */
public final class TableCatalog {
  private static final Logger LOG = LoggerFactory.getLogger(TableCatalog.class);
  static final String NAME = "nova";
  private static final Map<CatalogAddress, TableCatalog> OPEN = new ConcurrentHashMap<>();

  private final CatalogAddress address;
  private final Catalog catalog;

  private TableCatalog(CatalogAddress address, Catalog catalog) {
    this.address = address;
    this.catalog = catalog;
  }

  /**
   * Opens a catalog, or finds it open.
   *
   * @throws IllegalArgumentException if it cannot be opened, or if it is the Hadoop catalog and its
   *     store has no atomic rename
   */
  static TableCatalog of(CatalogAddress address) {
    return address.isHadoop()
        ? new TableCatalog(address, hadoop(address))
        : OPEN.computeIfAbsent(address, one -> new TableCatalog(one, open(one)));
  }

  private static Catalog hadoop(CatalogAddress address) {
    VerifiedHadoopCatalog catalog = new VerifiedHadoopCatalog();
    catalog.initialize(NAME, address.forIceberg());
    return catalog;
  }

  private static Catalog open(CatalogAddress address) {
    refuseUnsafe(address);
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try {
      // Iceberg finds its classes by the thread, which may be one of the cluster's.
      thread.setContextClassLoader(TableCatalog.class.getClassLoader());
      return CatalogUtil.buildIcebergCatalog(NAME, address.forIceberg(), Storage.configuration());
    } catch (RuntimeException | LinkageError e) {
      throw new IllegalArgumentException(
          ("Catalog %s of warehouse %s cannot be opened: %s. Check its address, and that its classes"
                  + " or its JDBC driver are in Flink's lib folder. Nothing was changed.")
              .formatted(address.kind(), address.warehouse(), e.getMessage()),
          e);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** Iceberg's own class swaps metadata without a lock, and reads a lost answer as a failure. */
  private static void refuseUnsafe(CatalogAddress address) {
    @Nullable String impl = address.properties().get(CatalogProperties.CATALOG_IMPL);
    if (impl == null) {
      return;
    }
    try {
      Class<?> found = Class.forName(impl, false, TableCatalog.class.getClassLoader());
      if (HadoopCatalog.class.isAssignableFrom(found) && found != VerifiedHadoopCatalog.class) {
        throw new IllegalArgumentException(
            ("Catalog class %s: it keeps tables by their folders and does not look at the table "
                    + "after a lost answer. Set the type hadoop in its place. Nothing was changed.")
                .formatted(impl));
      }
    } catch (ClassNotFoundException e) {
      throw new IllegalArgumentException(
          "Catalog class %s is not on the class path. Add its jar to Flink's lib folder. Nothing was changed."
              .formatted(impl),
          e);
    }
  }

  /** Closes the catalogs that this class loader has opened. Their tables fail from then on. */
  public static void closeAll() {
    OPEN.keySet().forEach(TableCatalog::close);
  }

  /** Closes one catalog. Its tables fail from then on. */
  static void close(CatalogAddress address) {
    TableCatalog open = OPEN.remove(address);
    if (open != null && open.catalog instanceof Closeable closeable) {
      try {
        closeable.close();
      } catch (IOException | RuntimeException e) {
        LOG.warn("The {} catalog of {} was not closed", address.kind(), address.warehouse(), e);
      }
    }
  }

  /** Loads a table with its newest metadata; empty if there is none. */
  Optional<Table> find(TableIdentifier name) {
    try {
      return Optional.of(verified(name, catalog.loadTable(name)));
    } catch (NoSuchTableException | NoSuchNamespaceException none) {
      return Optional.empty();
    }
  }

  private Table verified(TableIdentifier name, Table table) {
    return address.isHadoop()
        ? table
        : new BaseTable(
            VerifiedOperations.ofRegistered(
                table.location(), operations(table), () -> operations(catalog.loadTable(name))),
            table.name());
  }

  private static TableOperations operations(Table table) {
    return ((HasTableOperations) table).operations();
  }

  /** Creates a table. If another one creates it meanwhile, or the answer is lost, it is loaded. */
  Table create(
      TableIdentifier name, Schema schema, PartitionSpec spec, Map<String, String> properties) {
    try {
      createNamespace(name.namespace());
      Table created = catalog.createTable(name, schema, spec, null, properties);
      return verified(name, created);
    } catch (RuntimeException failure) {
      return find(name, failure).orElseThrow(() -> failure);
    }
  }

  private Optional<Table> find(TableIdentifier name, RuntimeException failure) {
    try {
      return find(name);
    } catch (RuntimeException noAnswer) {
      failure.addSuppressed(noAnswer);
      return Optional.empty();
    }
  }

  /** Folders need none. */
  private void createNamespace(Namespace namespace) {
    if (address.isHadoop() || !(catalog instanceof SupportsNamespaces namespaces)) {
      return;
    }
    try {
      if (!namespaces.namespaceExists(namespace)) {
        namespaces.createNamespace(namespace);
      }
    } catch (AlreadyExistsException createdMeanwhile) {
      LOG.debug("Another process has created {}", namespace);
    }
  }

  /**
   * Checks that Hadoop can write where a catalog has put a table. Data files and live records are
   * written by Hadoop's file systems.
   *
   * @throws IllegalArgumentException if no file system of Hadoop has the scheme
   */
  static void mustBeWritable(String location) {
    Configuration hadoop = Storage.configuration();
    Path folder = new Path(location);
    try {
      folder.getFileSystem(hadoop);
    } catch (UnsupportedFileSystemException | RuntimeException e) {
      // Some schemes are configured by default, and only their class is missing.
      throw new IllegalArgumentException(
          ("Table %s: Hadoop has no file system for the scheme %s, and Nova writes files through "
                  + "Hadoop. Expected a location such as s3a://, with its jar on the class path and "
                  + "fs.SCHEME.impl in core-site.xml. The job is not started.")
              .formatted(location, folder.toUri().getScheme()),
          e);
    } catch (IOException e) {
      throw new UncheckedIOException("Table " + location + ": its file system has no answer", e);
    }
  }
}
