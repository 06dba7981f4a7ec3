package io.nova.iceberg.commit;

import io.nova.fixtures.Waiting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;

/** An S3 server on 127.0.0.1 as a process of its own: S3Proxy over a folder. */
final class S3Server implements AutoCloseable {
  static final String BUCKET = "lake";

  /** Filled by the profile {@code s3}. */
  private static final Path JARS = Path.of("../tools/s3proxy/target/lib");

  private final Process process;

  private S3Server(Process process) {
    this.process = process;
  }

  /** Whether this build has the server and Hadoop's client for it. */
  static boolean isHere() {
    try {
      Class.forName("org.apache.hadoop.fs.s3a.S3AFileSystem");
      return Files.isDirectory(JARS);
    } catch (ClassNotFoundException withoutTheProfile) {
      return false;
    }
  }

  /** Starts the server, with one bucket, and makes it known to Hadoop's configurations. */
  static S3Server start(Path folder) throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Files.createDirectories(folder.resolve("buckets").resolve(BUCKET));
    Path settings = folder.resolve("s3proxy.properties");
    Files.writeString(
        settings,
        """
        s3proxy.endpoint=http://127.0.0.1:%d
        s3proxy.authorization=aws-v2-or-v4
        s3proxy.identity=test
        s3proxy.credential=test-secret
        jclouds.provider=filesystem-nio2
        jclouds.identity=test
        jclouds.credential=test-secret
        jclouds.filesystem.basedir=%s
        """
            .formatted(port, folder.resolve("buckets")));
    System.setProperty("nova.s3.port", Integer.toString(port));
    Configuration.addDefaultResource("s3-site.xml");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                JARS + "/*",
                "org.gaul.s3proxy.Main",
                "--properties",
                settings.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("s3proxy.log").toFile())
            .start();
    S3Server server = new S3Server(process);
    Waiting.until(() -> server.answers(port));
    return server;
  }

  private boolean answers(int port) {
    if (!process.isAlive()) {
      throw new IllegalStateException("S3Proxy has ended: " + process.exitValue());
    }
    try (Socket unused = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }
}
