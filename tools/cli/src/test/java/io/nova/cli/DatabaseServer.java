package io.nova.cli;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.h2.tools.Server;

/** A database on a free port of 127.0.0.1 that registers tables for all processes of a test. */
final class DatabaseServer implements AutoCloseable {
  private final Server server;

  private DatabaseServer(Server server) {
    this.server = server;
  }

  /** Starts it over a folder. */
  static DatabaseServer start(Path folder) throws SQLException {
    System.setProperty("h2.bindAddress", "127.0.0.1");
    return new DatabaseServer(
        Server.createTcpServer(
                "-tcpPort", "0", "-ifNotExists", "-baseDir", folder.toAbsolutePath().toString())
            .start());
  }

  /** The address of its only database. */
  String uri() {
    return "jdbc:h2:tcp://127.0.0.1:%d/./lake".formatted(server.getPort());
  }

  /** The jar of its driver. */
  static Path driver() throws URISyntaxException {
    return Path.of(org.h2.Driver.class.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  /** Iceberg's own client, as another engine has it, under the name by which Nova registers. */
  JdbcCatalog client(String warehouse) {
    return (JdbcCatalog)
        CatalogUtil.loadCatalog(
            JdbcCatalog.class.getName(),
            "nova",
            Map.of("uri", uri(), "warehouse", warehouse),
            new Configuration());
  }

  @Override
  public void close() {
    server.stop();
  }
}
