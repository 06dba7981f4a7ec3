package io.nova.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The console as a process of its own, in a folder in which nothing has ever run. */
class NovaConsoleITCase {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int HEAP_MB = 256;
  private static final int MEMORY_MB = 384;

  @TempDir private Path dir;

  private WorkFolder folder;
  private Process console;
  private String logFile = "";

  @BeforeEach
  void start() throws Exception {
    folder = new WorkFolder(dir.resolve("work"));
    console = console("--port", "0", "--memory", MEMORY_MB + "MB");
    Waiting.until(() -> ConsoleFile.running(folder).isPresent());
  }

  @AfterEach
  void stop() throws InterruptedException {
    console.destroyForcibly().waitFor();
  }

  private Process console(String... options) throws IOException {
    List<String> words =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + HEAP_MB + "m",
                "-Dlog.file=" + logFile,
                "-Dlog4j.configurationFile=" + System.getProperty("log4j.configurationFile"),
                "-cp",
                System.getProperty("java.class.path"),
                NovaConsole.class.getName(),
                "--dir",
                folder.dir().toString()));
    words.addAll(List.of(options));
    return new ProcessBuilder(words)
        .redirectErrorStream(true)
        .redirectOutput(dir.resolve("output").toFile())
        .start();
  }

  private ConsoleFile file() {
    return ConsoleFile.running(folder).orElseThrow();
  }

  private HttpResponse<String> send(String method, String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(file().address() + path))
            .header("Authorization", "Bearer " + file().token())
            .timeout(Duration.ofSeconds(30))
            .method(method, BodyPublishers.ofString(body))
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
  }

  private JsonNode get(String path) throws Exception {
    HttpResponse<String> response = send("GET", path, "");
    assertThat(response.statusCode()).isEqualTo(200);
    return JSON.readTree(response.body());
  }

  @Test
  void startsWithoutAClusterAndSaysSo() throws Exception {
    JsonNode now = get("/api/now");

    assertThat(now.path("level").asText()).isEqualTo("NOTHING");
    assertThat(now.path("sentence").asText())
        .isEqualTo(
            "Nothing runs in %s. Start a cluster with: ./nova local".formatted(folder.dir()));
    assertThat(get("/api/layers").path("blocks")).isEmpty();
    assertThat(get("/api/layers").path("sources").toString()).contains("Nothing has run in");
    assertThat(get("/api/batches").path("batches")).isEmpty();
    HttpResponse<String> flink = send("POST", "/api/flink", "{\"sql\":\"SELECT 1\"}");
    assertThat(flink.statusCode()).isEqualTo(503);
    assertThat(flink.body()).contains("Start it with `nova local`");
  }

  @Test
  void fileIsPrivateAndItsAddressWorks() throws Exception {
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(ConsoleFile.path(folder))))
        .isEqualTo("rw-------");
    Path log = folder.logs().resolve("console.log");
    Waiting.until(() -> Files.exists(log) && Files.readString(log).contains("listens at"));
    assertThat(Files.readString(dir.resolve("output")).strip())
        .isEqualTo("Console: " + file().pageAddress());
    assertThat(Files.readString(log))
        .contains("The console listens at " + file().address())
        .doesNotContain(file().token());
  }

  @Test
  void outputForALauncherHasNoToken() throws Exception {
    console.destroyForcibly().waitFor();
    Files.delete(ConsoleFile.path(folder));
    logFile = folder.logs().resolve("console.log").toString();
    console = console("--port", "0");
    Waiting.until(() -> ConsoleFile.running(folder).isPresent());
    Waiting.until(() -> Files.size(dir.resolve("output")) > 0);

    assertThat(Files.readString(dir.resolve("output")).strip())
        .isEqualTo("Console: " + file().address());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.dir())))
        .isEqualTo("rwx------");
  }

  @Test
  void changesNeedTheOption() throws Exception {
    HttpResponse<String> refused = send("POST", "/api/batches/close", "{\"batch\":\"1\"}");

    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("This console is read only", "--allow-changes");
  }

  @Test
  void secondConsoleOfAFolderIsRefused() throws Exception {
    Process second = console("--port", "0");

    assertThat(second.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(second.exitValue()).isEqualTo(1);
    assertThat(Files.readString(dir.resolve("output")))
        .contains("A console of this folder runs already: " + file().pageAddress());
    assertThat(console.isAlive()).isTrue();
  }

  @Test
  void termSignalEndsItAndRemovesItsFile() throws Exception {
    console.destroy();

    assertThat(console.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(ConsoleFile.path(folder)).doesNotExist();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void memoryOfTheProcessHasALimit() throws Exception {
    long most = (HEAP_MB + MEMORY_MB + 2_048L) << 20;
    long unusedHeap = (HEAP_MB / 8L) << 20;
    assertThat(Files.readAllLines(Path.of("/proc", Long.toString(console.pid()), "limits")))
        .filteredOn(line -> line.startsWith("Max data size"))
        .singleElement()
        .extracting(line -> Long.valueOf(line.replaceFirst("\\D+(\\d+).*", "$1")))
        .asInstanceOf(InstanceOfAssertFactories.LONG)
        .isBetween(most - unusedHeap, most);
  }

  @Test
  void successorOfAKilledOneKeepsItsToken() throws Exception {
    String token = file().token();
    console.destroyForcibly().waitFor();
    assertThat(ConsoleFile.running(folder)).isEmpty();

    console = console("--port", "0");
    Waiting.until(() -> ConsoleFile.running(folder).isPresent());

    assertThat(file().token()).isEqualTo(token);
  }
}
