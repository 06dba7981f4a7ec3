package io.nova.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nova.cli.Nova;
import io.nova.cli.process.ConsoleFile;
import io.nova.cli.process.WorkFolder;
import io.nova.fixtures.Waiting;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A console as a process of its own beside a cluster, and what clients ask of it. */
final class ConsoleProcess implements AutoCloseable {
  static final int HEAP_MB = 512;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final WorkFolder folder;
  private final Process process;
  private final HttpClient http = HttpClient.newHttpClient();

  /** The status and the body of an answer. */
  record Reply(int status, JsonNode body) {
    String error() {
      return body.path("error").asText();
    }

    /** The rows, one text each. */
    List<String> rows() {
      List<String> rows = new ArrayList<>();
      body.path("rows").forEach(row -> rows.add(text(row)));
      return rows;
    }
  }

  private ConsoleProcess(WorkFolder folder, Process process) {
    this.folder = folder;
    this.process = process;
  }

  static String text(JsonNode row) {
    List<String> values = new ArrayList<>();
    row.forEach(value -> values.add(value.asText()));
    return String.join("|", values);
  }

  /**
   * A console with the heap of the launcher's.
   *
   * @param duckMb the memory of the fast path, in MiB
   * @param more further options
   */
  static ConsoleProcess start(WorkFolder folder, int duckMb, String... more) throws Exception {
    List<String> options = new ArrayList<>(List.of("--port", "0", "--memory", duckMb + "MB"));
    options.addAll(List.of(more));
    Process process =
        java(
            folder,
            "console",
            List.of("-Xmx" + HEAP_MB + "m", "-XX:+UseSerialGC"),
            NovaConsole.class,
            options);
    ConsoleProcess console = new ConsoleProcess(folder, process);
    boolean isThere = false;
    try {
      Waiting.until(() -> ConsoleFile.running(folder).isPresent());
      isThere = true;
      return console;
    } finally {
      if (!isThere) {
        console.close();
      }
    }
  }

  private static Process java(
      WorkFolder folder, String name, List<String> jvm, Class<?> main, List<String> arguments)
      throws IOException {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(jvm);
    words.add("-Dlog.file=" + folder.logs().resolve(name + ".log"));
    words.add("-Dlog4j.configurationFile=" + System.getProperty("log4j.configurationFile"));
    words.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    words.addAll(arguments);
    words.addAll(List.of("--dir", folder.dir().toString()));
    return new ProcessBuilder(words)
        .redirectErrorStream(true)
        .redirectOutput(folder.logs().resolve(name + ".out").toFile())
        .start();
  }

  /** What a command of {@code nova} prints for this folder, with its remarks. */
  String nova(String... words) throws Exception {
    String name = "nova-" + words[0];
    int code = java(folder, name, List.of("-Xmx128m"), Nova.class, List.of(words)).waitFor();
    String output = Files.readString(folder.logs().resolve(name + ".out"));
    if (code != 0) {
      throw new IllegalStateException(
          "nova %s: exit code %d, %s".formatted(String.join(" ", words), code, output));
    }
    return output;
  }

  Reply send(String method, String path, String body) throws Exception {
    ConsoleFile file = ConsoleFile.running(folder).orElseThrow();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(file.address() + path))
            .header("Authorization", "Bearer " + file.token())
            .timeout(Duration.ofMinutes(2))
            .method(method, BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
    return new Reply(response.statusCode(), JSON.readTree(response.body()));
  }

  /** A question to the fast path. */
  static ObjectNode question(String sql) {
    return JSON.createObjectNode()
        .put("sql", sql)
        .put("maxRows", 100_000)
        .put("timeoutMillis", 90_000);
  }

  Reply ask(ObjectNode question) throws Exception {
    return send("POST", "/api/ask", question.toString());
  }

  Reply ask(String sql) throws Exception {
    return ask(question(sql));
  }

  /** A question about a pinned cut. */
  Reply askPinned(String cut, String sql) throws Exception {
    return ask(question(sql).put("cut", cut));
  }

  /** Pins a cut, and returns its id. */
  String pin() throws Exception {
    Reply pinned = send("POST", "/api/cuts", "{\"seconds\":300}");
    if (pinned.status() != 200) {
      throw new IllegalStateException("No cut was pinned: " + pinned);
    }
    return pinned.body().path("cut").asText();
  }

  void release(String cut) throws Exception {
    Reply unused = send("DELETE", "/api/cuts/" + cut, "");
  }

  /** The most memory that the process ever had, in MiB. */
  long peakMb() throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1_024)
        .findFirst()
        .orElseThrow();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    int unused = process.waitFor();
  }
}
