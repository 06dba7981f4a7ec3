package io.nova.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.cli.process.CommandException;
import io.nova.cli.process.OwnProcess;
import io.nova.cli.process.WorkFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkFolderTest {
  @TempDir private Path dir;

  @Test
  void dataOfAnEarlierRunIsRemovedFromItsFolder() throws IOException {
    WorkFolder folder = new WorkFolder(dir);
    folder.prepare(true);
    run().write(folder);
    Files.writeString(folder.warehouse().resolve("old"), "old");
    folder.prepare(true);
    assertThat(folder.warehouse()).isEmptyDirectory();
  }

  /** ZooKeeper would start the job of the earlier run beside the one that goes on. */
  @Test
  void aRunThatGoesOnKeepsItsDataButNotWhatZooKeeperKnew() throws IOException {
    WorkFolder folder = new WorkFolder(dir);
    folder.prepare(true);
    for (String part : List.of("zookeeper", "ha", "warehouse")) {
      Files.writeString(dir.resolve(part).resolve("old"), "old");
    }
    folder.prepare(false);
    assertThat(dir.resolve("zookeeper")).isEmptyDirectory();
    assertThat(dir.resolve("ha")).isEmptyDirectory();
    assertThat(folder.warehouse().resolve("old")).exists();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a,b", "a\\b", "a:b", "a;b", "a|b", "a\"b", "a{b}", "a%20b", "a\nb"})
  void namesThatSettingsCannotExpressAreRefused(String name) {
    assertThatThrownBy(() -> new WorkFolder(dir.resolve(name)))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("Nothing was done")
        .hasMessageContaining("--dir");
  }

  @ParameterizedTest
  @ValueSource(strings = {"M\u00e4rz", "a b", "\u65e5\u672c", "a'b#c", "C #1"})
  void otherNamesAreTaken(String name) {
    assertThat(new WorkFolder(dir.resolve(name)).uri()).endsWith(name);
    assertThat(FlinkCli.savepointIn("Savepoint completed. Path: file:/x/" + name + "/sp-1\n"))
        .isEqualTo("file:/x/%s/sp-1".formatted(name));
  }

  /** In YAML a blank and a # begin a comment: Flink would write to another folder. */
  @Test
  void flinksSettingsHaveTheFolderInQuotes() throws IOException {
    List<String> settings =
        Files.readAllLines(Path.of("../../flink-conf/conf/config.yaml")).stream()
            .filter(line -> line.contains("{dir"))
            .toList();

    assertThat(settings)
        .isNotEmpty()
        .allMatch(line -> line.matches("[a-z.-]+: \"\\{dir(\\.uri)?}/[a-z]+\""));
  }

  @Test
  void nothingIsRemovedFromSomebodyElsesFolder() throws IOException {
    Files.createDirectories(dir.resolve("conf"));
    Files.writeString(dir.resolve("conf/precious"), "precious");
    assertThatThrownBy(() -> new WorkFolder(dir).prepare(true))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("[conf]")
        .hasMessageContaining("Nothing was changed");
    assertThat(dir.resolve("conf/precious")).hasContent("precious");
  }

  @Test
  void aCommandThatFailedBeforeItBeganDoesNotBlockTheFolder() throws IOException {
    Files.createDirectories(dir.resolve("logs"));
    Files.writeString(dir.resolve("logs/launcher.log"), "failed");

    new WorkFolder(dir).prepare(true);

    assertThat(dir.resolve("logs/launcher.log")).hasContent("failed");
  }

  @Test
  void resumeKeepsTheData() throws IOException {
    WorkFolder folder = new WorkFolder(dir);
    folder.prepare(true);
    run().write(folder);
    Files.writeString(folder.warehouse().resolve("old"), "old");
    folder.prepare(false);
    assertThat(folder.warehouse().resolve("old")).exists();
  }

  @Test
  void newestWholeSavepointIsFoundAmongSavepointsAndCheckpoints() throws IOException {
    savepoint("savepoints/savepoint-1", 10);
    savepoint("checkpoints/0123/chk-7", 30);
    savepoint("checkpoints/0123/chk-6", 20);
    Files.createDirectories(dir.resolve("checkpoints/0123/chk-8"));
    assertThat(new WorkFolder(dir).newestSavepoint())
        .contains(dir.resolve("checkpoints/0123/chk-7"));
  }

  @Test
  void secondLauncherIsKeptOut() {
    WorkFolder folder = new WorkFolder(dir);
    try (FolderLock first = FolderLock.take(folder)) {
      assertThat(first).isNotNull();
      assertThatThrownBy(() -> FolderLock.take(folder))
          .isInstanceOf(CommandException.class)
          .hasMessageContaining("runs in " + dir + " already");
    }
    FolderLock.take(folder).close();
  }

  @Test
  void newFolderIsForItsOwnerOnly() throws IOException {
    assertThat(modeAfterAStart("new/folder")).isEqualTo("rwx------");

    Files.createDirectories(dir.resolve("failed/logs"));
    Files.writeString(dir.resolve("failed/logs/launcher.log"), "failed");
    assertThat(modeAfterAStart("failed")).isEqualTo("rwx------");
  }

  @Test
  void folderOfTheUserKeepsItsPermissions() throws IOException {
    Path shared = Files.createDirectory(dir.resolve("shared"));
    Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxr-x---"));

    assertThat(modeAfterAStart("shared")).isEqualTo("rwxr-x---");
  }

  /** The first steps of {@link LocalCluster#start}. */
  private String modeAfterAStart(String name) throws IOException {
    WorkFolder folder = new WorkFolder(dir.resolve(name));
    try (FolderLock lock = FolderLock.take(folder)) {
      assertThat(lock).isNotNull();
      folder.prepare(true);
    }
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.dir()));
  }

  @Test
  void processesLeftBehindKeepALauncherOut() {
    WorkFolder folder = new WorkFolder(dir);
    OwnProcess self = OwnProcess.of("broker", ProcessHandle.current(), "");
    run().with(self).write(folder);
    assertThatThrownBy(() -> FolderLock.take(folder))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("[broker]");
  }

  @Test
  void strangerWithOurPidIsNotOurs() {
    OwnProcess self = OwnProcess.of("broker", ProcessHandle.current(), "");
    assertThat(self.alive()).isTrue();
    OwnProcess earlier = new OwnProcess("broker", self.pid(), self.startedMillis() - 60_000, "");
    assertThat(earlier.alive()).isFalse();
  }

  @Test
  void runFileIsReadAsItWasWritten() throws IOException {
    WorkFolder folder = new WorkFolder(dir);
    RunFile run =
        run()
            .with(new OwnProcess("broker", 1, 2, "log"))
            .withJobOptions(Map.of("nova.dedup.window", "24 h"))
            .withJob("f00")
            .asEnded();
    run.write(folder);
    assertThat(RunFile.in(folder)).contains(run);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.runFile())))
        .as("options may contain a token")
        .isEqualTo("rw-------");
  }

  private static RunFile run() {
    return new RunFile(
        new Ports(1, 2, 3, 4, 5, 6, 7, 8), "file:///w", "", Map.of(), false, List.of());
  }

  private void savepoint(String path, long seconds) throws IOException {
    Path metadata = Files.createDirectories(dir.resolve(path)).resolve("_metadata");
    Files.writeString(metadata, "");
    Files.setLastModifiedTime(metadata, FileTime.from(Instant.ofEpochSecond(seconds)));
  }
}
