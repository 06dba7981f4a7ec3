package io.nova.console.server;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * The files of the page, from the class path. They have no data of users, so they need no token.
 * Thread-safe.
 */
final class PageFiles {
  private static final String PAGE = "io/nova/console/page";
  private static final String CHARTS = "/lib/echarts.js";
  private static final String WEB_JAR =
      "META-INF/resources/webjars/echarts/%s/dist/echarts.esm.min.js";
  private static final String WEB_JAR_VERSION =
      "META-INF/maven/org.webjars.npm/echarts/pom.properties";

  /** No escapes, no dot at the begin of a name: no path leaves the folder. */
  private static final Pattern SAFE =
      Pattern.compile("(?:/[a-z0-9][a-z0-9-]*)*/[a-z0-9][a-z0-9-]*\\.(html|css|js|svg|md)");

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml",
          "md", "text/plain; charset=utf-8");

  private final Map<String, Optional<PageFile>> files = new ConcurrentHashMap<>();

  /**
   * One file.
   *
   * @param tag changes with the content
   */
  record PageFile(Reply reply, String tag) {}

  /**
   * The file of a path; empty if there is none.
   *
   * @param rawPath the path as it was sent, with its escapes
   */
  Optional<PageFile> find(String rawPath) {
    String path = rawPath.equals("/") ? "/index.html" : rawPath;
    return SAFE.matcher(path).matches()
        ? files.computeIfAbsent(path, PageFiles::load)
        : Optional.<PageFile>empty();
  }

  private static Optional<PageFile> load(String path) {
    String type = TYPES.getOrDefault(path.substring(path.lastIndexOf('.') + 1), "text/plain");
    String resource = path.equals(CHARTS) ? WEB_JAR.formatted(chartsVersion()) : PAGE + path;
    return content(resource).map(bytes -> new PageFile(new Reply(200, type, bytes), tag(bytes)));
  }

  /** The version of the charts' jar, which is part of its paths. */
  private static String chartsVersion() {
    Properties properties = new Properties();
    content(WEB_JAR_VERSION)
        .ifPresent(
            bytes -> {
              try {
                properties.load(new ByteArrayInputStream(bytes));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    return properties.getProperty("version", "unknown");
  }

  private static Optional<byte[]> content(String resource) {
    try (InputStream in = PageFiles.class.getClassLoader().getResourceAsStream(resource)) {
      return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("Resource " + resource + " cannot be read", e);
    }
  }

  private static String tag(byte[] content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      return "\"%s\"".formatted(HexFormat.of().formatHex(digest, 0, 12));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
