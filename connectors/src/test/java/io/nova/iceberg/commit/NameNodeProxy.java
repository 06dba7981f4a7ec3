package io.nova.iceberg.commit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A TCP proxy between HDFS clients and a NameNode. It can cut the connection around the next rename
 * that publishes a version of a table.
 */
final class NameNodeProxy implements AutoCloseable {
  /** The name of the method in the request, with its length before it. */
  private static final String RENAME = "\u0006rename";

  private static final String VERSION = ".metadata.json";

  private final ServerSocket server;
  private final int nameNode;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private volatile Cut next = Cut.NEVER;

  /** When the connection ends. */
  enum Cut {
    NEVER,
    /** The NameNode never sees the request. */
    BEFORE_THE_REQUEST,
    /** The NameNode renames, and its answer is lost. */
    BEFORE_THE_ANSWER
  }

  NameNodeProxy(int nameNode) {
    this.nameNode = nameNode;
    try {
      this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  void next(Cut cut) {
    next = cut;
  }

  /** Whether the cut has not happened yet. */
  boolean isWaiting() {
    return next != Cut.NEVER;
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        Connection connection =
            new Connection(client, new Socket(InetAddress.getLoopbackAddress(), nameNode));
        threads.execute(connection::requests);
        threads.execute(connection::answers);
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  /** One client. */
  private final class Connection {
    private final Socket client;
    private final Socket server;
    private volatile boolean deaf;

    Connection(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }

    void requests() {
      try (client;
          server) {
        InputStream in = client.getInputStream();
        OutputStream out = server.getOutputStream();
        byte[] bytes = new byte[1 << 16];
        for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
          Cut cut = next;
          String text = new String(bytes, 0, read, ISO_8859_1);
          if (cut != Cut.NEVER && text.contains(RENAME) && text.contains(VERSION)) {
            next = Cut.NEVER;
            if (cut == Cut.BEFORE_THE_REQUEST) {
              return;
            }
            deaf = true;
          }
          out.write(bytes, 0, read);
        }
      } catch (IOException closed) {
        // The other side has ended.
      }
    }

    void answers() {
      try (client;
          server) {
        InputStream in = server.getInputStream();
        OutputStream out = client.getOutputStream();
        byte[] bytes = new byte[1 << 16];
        for (int read = in.read(bytes); read >= 0 && !deaf; read = in.read(bytes)) {
          out.write(bytes, 0, read);
        }
      } catch (IOException closed) {
        // The other side has ended.
      }
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    threads.shutdownNow();
  }
}
