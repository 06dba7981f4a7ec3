package io.nova.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The tarball, unpacked into an empty folder, with a PATH that has no Maven. Runs with the profile
 * {@code release} only, which builds the tarball.
 */
class ReleaseITCase {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NAME = "nova-" + System.getProperty("nova.version");
  private static final Path FOLDER = Path.of("target", "unpacked").toAbsolutePath();
  private static final Path HOME = FOLDER.resolve(NAME);

  /** Folders that must stay empty: HOME and TMPDIR of the commands. */
  private static final Path ELSEWHERE = FOLDER.resolve("elsewhere");

  private static final int MESSAGES = 40_000;
  private static final long TIMEOUT_MINUTES = 5;

  private static final Pattern LIBRARY = Pattern.compile("(.+?)-(\\d[^-]*)(?:-.*)?\\.jar");

  @BeforeAll
  static void unpack() throws Exception {
    remove(FOLDER);
    Files.createDirectories(ELSEWHERE);
    Files.createDirectories(bin());
    linkProgramsExceptMaven();
    Path tarball = Path.of("target", NAME + ".tar.gz").toAbsolutePath();
    assertThat(tarball).isRegularFile();
    Process tar =
        new ProcessBuilder("tar", "xzf", tarball.toString(), "-C", FOLDER.toString())
            .inheritIO()
            .start();
    assertThat(tar.waitFor()).isZero();
  }

  private static Path bin() {
    return FOLDER.resolve("bin");
  }

  private static void linkProgramsExceptMaven() throws IOException {
    try (Stream<Path> programs = Files.list(Path.of("/usr/bin"))) {
      for (Path program : programs.toList()) {
        if (!program.getFileName().toString().startsWith("mvn")) {
          Files.createSymbolicLink(bin().resolve(program.getFileName()), program);
        }
      }
    }
    assertThat(bin().resolve("bash")).exists();
  }

  private static void remove(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, IOException failed)
              throws IOException {
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** What one call of the launcher left. */
  private record Call(int exitCode, String output, String errors) {}

  private static Call nova(String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of(bin() + "/bash", HOME + "/nova"));
    command.addAll(List.of(words));
    Path output = FOLDER.resolve("output");
    Path errors = FOLDER.resolve("errors");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(HOME.toFile())
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile());
    Map<String, String> environment = builder.environment();
    environment.clear();
    environment.put("PATH", bin().toString());
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("HOME", ELSEWHERE.toString());
    environment.put("TMPDIR", ELSEWHERE.toString());
    Process process = builder.start();
    if (!process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES)) {
      process.destroy();
      throw new AssertionError(
          "%s takes more than %d minutes: %s"
              .formatted(command, TIMEOUT_MINUTES, Files.readString(errors)));
    }
    return new Call(process.exitValue(), Files.readString(output), Files.readString(errors));
  }

  @Test
  void showsItsCommandsAndItsVersion() throws Exception {
    assertThat(nova("--help").output()).contains("local ").contains("verify ");
    assertThat(nova("--version").output().strip())
        .isEqualTo("nova " + System.getProperty("nova.version"));
  }

  @Test
  void benchmarksAreNotInARelease() throws Exception {
    Call bench = nova("bench", "ingest");

    assertThat(bench.exitCode()).isEqualTo(1);
    assertThat(bench.errors()).contains("the benchmarks are in the source tree only");
  }

  @Test
  void everyEventIsThereExactlyOnceAndNothingIsWrittenElsewhere() throws Exception {
    Call run =
        nova(
            ("local --once --json --rate max --count %d --kafka-port 0 --controller-port 0"
                    + " --rest-port 0 --jobmanager-port 0 --gateway-port 0 --broker-memory 384m"
                    + " --jobmanager-memory 800m --taskmanager-memory 2000m --gateway-memory 384m")
                .formatted(MESSAGES)
                .split(" "));

    assertThat(run.exitCode()).as(run.errors()).isZero();
    List<String> lines = run.output().lines().toList();
    JsonNode verdict = JSON.readTree(lines.get(lines.size() - 1));
    assertThat(verdict.path("sent").asInt()).isEqualTo(MESSAGES);
    assertThat(verdict.path("holds").asBoolean()).isTrue();
    assertThat(verdict.path("missing").asInt(-1)).isZero();
    assertThat(verdict.path("extra").asInt(-1)).isZero();
    assertThat(run.errors()).doesNotContain("Building");
    assertThat(ELSEWHERE).isEmptyDirectory();
    assertThat(HOME.resolve(".nova/warehouse/nova/events")).isDirectory();
  }

  @Test
  void filesForPeopleAndClustersAreThere() {
    for (String file :
        List.of(
            "LICENSE",
            "NOTICE",
            "README.md",
            "sql/scripts/batch-day.sql",
            "docs/operations/deploy.md",
            "assembly/jobs/nova-job.jar",
            "assembly/flink/lib/nova-sql.jar",
            "assembly/conf/config.yaml",
            "deploy/Containerfile",
            "deploy/kubernetes/nova-job.yaml",
            "parts/nova-job-licenses.txt",
            "parts/nova-job.cdx.json")) {
      assertThat(HOME.resolve(file)).isRegularFile();
    }
    assertThat(HOME.resolve("pom.xml")).doesNotExist();
    assertThat(HOME.resolve("deploy/pom.xml")).doesNotExist();
  }

  @Test
  void everyJarIsInTheBillOfMaterialsOfItsClassPath() throws Exception {
    libraries("nova-flink", "flink/lib", Set.of("nova-sql.jar"));
    libraries("nova-kafka", "kafka/lib", Set.of());
    libraries("nova-cli", "launcher/lib", Set.of("nova-cli-%s.jar".formatted(version())));
    libraries("nova-console", "console/lib", Set.of("nova-console-%s.jar".formatted(version())));
  }

  private static String version() {
    return System.getProperty("nova.version");
  }

  private static void libraries(String module, String lib, Set<String> others) throws Exception {
    Set<String> listed = new TreeSet<>(others);
    JsonNode bill = JSON.readTree(HOME.resolve("parts/%s.cdx.json".formatted(module)).toFile());
    for (JsonNode part : bill.path("components")) {
      listed.add("%s-%s".formatted(part.path("name").asText(), part.path("version").asText()));
    }
    Set<String> unlisted = new TreeSet<>();
    Map<String, String> versions = new TreeMap<>();
    try (Stream<Path> jars = Files.list(HOME.resolve("assembly").resolve(lib))) {
      for (Path jar : jars.toList()) {
        String name = jar.getFileName().toString();
        if (!isListed(name, listed)) {
          unlisted.add(name);
        }
        Matcher library = LIBRARY.matcher(name);
        if (library.matches()) {
          String version = library.group(2);
          String earlier = versions.put(library.group(1), version);
          assertThat(version).as(name).isEqualTo(earlier == null ? version : earlier);
        }
      }
    }
    assertThat(versions).isNotEmpty();
    assertThat(unlisted).as("jars of %s", lib).isEmpty();
  }

  /** A jar's name is that of its part, with a classifier or without. */
  private static boolean isListed(String jar, Set<String> listed) {
    return listed.contains(jar)
        || listed.stream()
            .anyMatch(part -> jar.equals(part + ".jar") || jar.startsWith(part + "-"));
  }

  @Test
  void everyPartOfEveryClassPathHasALicense() throws Exception {
    for (String module :
        List.of("nova-job", "nova-sql", "nova-flink", "nova-kafka", "nova-cli", "nova-console")) {
      JsonNode bill = JSON.readTree(HOME.resolve("parts/%s.cdx.json".formatted(module)).toFile());
      List<String> unlicensed = new ArrayList<>();
      for (JsonNode part : bill.path("components")) {
        if (part.path("licenses").isEmpty() && !part.path("group").asText().equals("io.nova")) {
          unlicensed.add(part.path("purl").asText());
        }
      }
      assertThat(bill.path("components")).isNotEmpty();
      assertThat(unlicensed).as("parts of %s", module).isEmpty();
    }
  }
}
