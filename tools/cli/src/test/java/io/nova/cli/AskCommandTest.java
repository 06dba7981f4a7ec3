package io.nova.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nova.cli.ask.AnsweringConsole;
import io.nova.cli.process.ConsoleFile;
import io.nova.cli.process.WorkFolder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class AskCommandTest {
  private static final String ANSWER =
      """
      {"columns":[{"name":"event_type","type":"VARCHAR"},{"name":"n","type":"BIGINT"}],
       "rows":[["play",12],["a,\\"b\\"",3],[null,1],["",0]],
       "truncated":true,"bounds":["Table rejected: the last 24 hours."],"millis":7,
       "rowsRead":16,"bytesRead":900,"readToken":"{}","gaps":[]}
      """;

  @TempDir private Path dir;
  private AnsweringConsole console;
  private String out = "";
  private String err = "";

  @BeforeEach
  void start() throws IOException {
    console = new AnsweringConsole(new WorkFolder(dir));
    console.answers(200, ANSWER);
  }

  @AfterEach
  void stop() {
    console.close();
  }

  private int nova(String... arguments) {
    ArrayList<String> all = new ArrayList<>(List.of("ask", "--dir", dir.toString()));
    all.addAll(List.of(arguments));
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    StringWriter errors = new StringWriter();
    PrintStream before = System.out;
    CommandLine command = Nova.commandLine().setErr(new PrintWriter(errors, true));
    System.setOut(new PrintStream(printed, true, UTF_8));
    try {
      return command.execute(all.toArray(String[]::new));
    } finally {
      System.setOut(before);
      out = printed.toString(UTF_8);
      err = errors.toString();
    }
  }

  @Test
  void rowsAreATable() {
    assertThat(nova("SELECT 1")).isZero();
    assertThat(out).contains("| event_type |  n |", "| play       | 12 |", "| NULL       |  1 |");
    assertThat(err)
        .contains(
            "4 rows in 7 ms",
            "after the first 4 are left out",
            "Table rejected: the last 24 hours.");
    assertThat(console.requests())
        .hasSize(1)
        .first()
        .asString()
        .startsWith("POST /api/ask {\"id\":\"")
        .contains("\"sql\":\"SELECT 1\"", "\"read\":\"live\"", "\"maxRows\":10000")
        .contains("\"timeoutMillis\":60000")
        .doesNotContain("\"cut\"");
  }

  @Test
  void rowsAreJson() {
    assertThat(nova("--json", "--committed", "SELECT 1")).isZero();
    assertThat(out.lines().findFirst()).hasValue("{\"event_type\":\"play\",\"n\":12}");
    assertThat(console.requests().get(0)).contains("\"read\":\"committed\"");
  }

  @Test
  void rowsAreCsv() {
    assertThat(nova("--csv", "--cut", "c1", "--max-rows", "4", "--timeout", "2", "SELECT 1"))
        .isZero();
    assertThat(out).isEqualTo("event_type,n\r\nplay,12\r\n\"a,\"\"b\"\"\",3\r\n,1\r\n\"\",0\r\n");
    assertThat(console.requests().get(0))
        .contains("\"cut\":\"c1\"", "\"maxRows\":4", "\"timeoutMillis\":2000");
  }

  @Test
  void aCutIsPinnedForTheQuestion() {
    console.answers(200, "{\"cut\":\"c7\",\"seconds\":60,\"columns\":[],\"rows\":[]}");
    assertThat(nova("--pin", "60", "SELECT 1")).isZero();
    assertThat(console.requests()).hasSize(2);
    assertThat(console.requests().get(0)).isEqualTo("POST /api/cuts {\"seconds\":60}");
    assertThat(console.requests().get(1)).contains("\"cut\":\"c7\"");
    assertThat(err).contains("'live.cut' = 'c7'");
    assertThat(nova("--pin", "60", "--committed", "SELECT 1")).isEqualTo(2);
  }

  @Test
  void aPinIsReleasedIfItsQuestionHasNoAnswer() {
    console.answers(200, "{\"cut\":\"c7\"}");
    assertThat(nova("--pin", "60", "SELEC 1")).isEqualTo(1);
    assertThat(console.requests()).last().asString().startsWith("DELETE /api/cuts/c7");
    assertThat(err).doesNotContain("Pinned");
  }

  @Test
  void aStatementComesFromStandardInput() {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream("SELECT 'ü'".getBytes(UTF_8)));
    try {
      assertThat(nova("-")).isZero();
    } finally {
      System.setIn(before);
    }
    assertThat(console.requests().get(0)).contains("SELECT 'ü'");
  }

  @Test
  void theConsolesReasonIsTheMessage() {
    console.answers(400, "{\"error\":\"Column x is not known\"}");
    assertThat(nova("SELECT x")).isEqualTo(1);
    assertThat(err).contains("nova: Column x is not known");
    console.answers(500, "<html>");
    assertThat(nova("SELECT x")).isEqualTo(1);
    assertThat(err).contains("answered with status 500 and no reason");
  }

  @Test
  void withoutAConsoleTheMessageSaysHowToStartOne() throws IOException {
    Path file = ConsoleFile.path(new WorkFolder(dir));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    Files.delete(file);
    assertThat(nova("SELECT 1")).isEqualTo(1);
    assertThat(err).contains("No console runs in " + dir, "nova console");
    new ConsoleFile(1, 2_000_000_000L, "http://127.0.0.1:1", "t").write(new WorkFolder(dir));
    assertThat(nova("SELECT 1")).isEqualTo(1);
    assertThat(err).contains("No console runs in " + dir);
    new ConsoleFile(2, 1, "http://127.0.0.1:1", "t").write(new WorkFolder(dir));
    assertThat(nova("SELECT 1")).isEqualTo(1);
    assertThat(err).contains("found version 2, expected 1");
  }

  @Test
  void wrongUseExitsWith2() {
    assertThat(nova()).isEqualTo(2);
    assertThat(nova("--json", "--csv", "SELECT 1")).isEqualTo(2);
    assertThat(nova("--committed", "--cut", "a", "SELECT 1")).isEqualTo(2);
    assertThat(nova("--timeout", "0", "SELECT 1")).isEqualTo(2);
    assertThat(console.requests()).isEmpty();
  }
}
