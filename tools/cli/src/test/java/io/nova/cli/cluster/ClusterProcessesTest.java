package io.nova.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.cli.process.ChildProcess;
import io.nova.cli.process.CommandException;
import io.nova.cli.process.OwnProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterProcessesTest {
  @TempDir private Path dir;
  private ClusterOptions options;
  private ClusterProcesses processes;

  @BeforeEach
  void open() {
    options = ClusterOptions.in(dir);
    processes = new ClusterProcesses(options, "w", FolderLock.take(options.folder()));
  }

  @AfterEach
  void close() {
    processes.close();
  }

  @Test
  void theRunFileNamesTheSuccessorOfADeadProcess() {
    processes.add(() -> sleeping("broker"));
    ChildProcess dead = processes.add(() -> sleeping("taskmanager-0"));
    assertThat(processes.ended()).isEmpty();

    dead.kill();
    assertThat(processes.ended()).containsExactly(dead);
    processes.replace(dead, () -> sleeping("taskmanager-1"));

    assertThat(processes.ended()).isEmpty();
    assertThat(RunFile.in(options.folder()).orElseThrow().alive())
        .extracting(OwnProcess::name)
        .containsExactly("launcher", "broker", "taskmanager-1");
  }

  @Test
  void nothingIsStartedAfterTheEnd() {
    ChildProcess dead = processes.add(() -> sleeping("taskmanager-0"));
    dead.kill();
    processes.close();

    assertThatThrownBy(
            () ->
                processes.replace(
                    dead,
                    () -> {
                      throw new AssertionError("started");
                    }))
        .isInstanceOf(CommandException.class)
        .hasMessage("Stopping.");
    assertThatThrownBy(() -> processes.ended()).hasMessage("Stopping.");
  }

  private ChildProcess sleeping(String name) {
    try {
      Process process = new ProcessBuilder("sleep", "60").start();
      return new ChildProcess(name, process, dir.resolve("log"), dir.resolve("out"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
