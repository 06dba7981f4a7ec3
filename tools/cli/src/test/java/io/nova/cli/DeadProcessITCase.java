package io.nova.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nova.cli.cluster.FlinkRest;
import io.nova.cli.cluster.RunFile;
import io.nova.cli.process.Await;
import io.nova.cli.process.WorkFolder;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** `./nova local --once` as a user calls it, while its processes are killed. */
class DeadProcessITCase {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofMinutes(4);
  private static final int MESSAGES = 60_000;

  private final WorkFolder folder = new WorkFolder(Path.of("target", "it", "dead-process"));
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @Test
  void aDeadTaskManagerAndGatewayAreStartedAgainAndTheRunIsJudged() throws Exception {
    PrintStream out = System.out;
    PrintStream err = System.err;
    System.setOut(new PrintStream(printed, true, UTF_8));
    System.setErr(new PrintStream(said, true, UTF_8));
    try {
      CompletableFuture<Integer> exitCode = CompletableFuture.supplyAsync(this::once);
      awaitRun("half is decided", exitCode, () -> decided() > MESSAGES / 2);
      kill("taskmanager-1");
      kill("gateway");
      assertThat(exitCode.get()).as(said.toString(UTF_8)).isZero();
    } finally {
      System.setOut(out);
      System.setErr(err);
      out.print(said.toString(UTF_8));
    }
    assertThat(said.toString(UTF_8))
        .containsPattern("taskmanager-1 \\(pid \\d+\\) ended with exit code 137\\.")
        .containsPattern("Started taskmanager-2 \\(pid \\d+\\) in its place\\.")
        .containsPattern("gateway \\(pid \\d+\\) ended with exit code 137\\.")
        .containsPattern("Started gateway-1 \\(pid \\d+\\) in its place\\.");
    List<String> lines = printed.toString(UTF_8).lines().toList();
    JsonNode verdict = JSON.readTree(lines.get(lines.size() - 1));
    assertThat(verdict.path("sent").asInt()).isEqualTo(MESSAGES);
    assertThat(verdict.path("holds").asBoolean()).isTrue();
    assertThat(verdict.path("missing").asInt(-1)).isZero();
    assertThat(verdict.path("extra").asInt(-1)).isZero();
  }

  private int once() {
    String[] words = {
      "local",
      "--once",
      "--json",
      "--dir",
      folder.dir().toString(),
      "--kafka-port",
      "0",
      "--controller-port",
      "0",
      "--rest-port",
      "0",
      "--jobmanager-port",
      "0",
      "--gateway-port",
      "0",
      "--broker-memory",
      "384m",
      "--jobmanager-memory",
      "800m",
      "--taskmanager-memory",
      "2000m",
      "--gateway-memory",
      "384m",
      "--count",
      Integer.toString(MESSAGES),
      "--rate",
      "3000",
      "--option",
      "nova.checkpoint.interval=4 s"
    };
    return Nova.commandLine().execute(words);
  }

  private static void awaitRun(
      String what, CompletableFuture<Integer> run, java.util.function.BooleanSupplier answer) {
    Await.until(what, TIMEOUT, () -> assertThat(run).isNotDone(), answer);
  }

  private long decided() {
    return RunFile.in(folder)
        .filter(run -> !run.job().isEmpty() && !run.alive().isEmpty())
        .map(run -> FlinkRest.onPort(run.ports().rest()).figures(run.job()).decided())
        .orElse(0L);
  }

  private void kill(String name) {
    RunFile.running(folder).alive().stream()
        .filter(process -> process.name().equals(name))
        .flatMap(process -> process.handle().stream())
        .findFirst()
        .orElseThrow()
        .destroyForcibly();
  }
}
