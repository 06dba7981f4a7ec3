package io.nova.iceberg.localdisk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileLockManagerTest {
  @TempDir private Path folder;

  /** Another process, which exits with 0 if it gets the lock. */
  static final class Probe {
    public static void main(String[] args) throws IOException {
      try (FileChannel channel = FileChannel.open(Path.of(args[0]), StandardOpenOption.WRITE)) {
        System.exit(channel.tryLock() == null ? 1 : 0);
      }
    }
  }

  private boolean anotherProcessGetsIt() throws Exception {
    Process probe =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classes(),
                Probe.class.getName(),
                folder.resolve("nova-commit.lock").toString())
            .start();
    assertThat(probe.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return probe.exitValue() == 0;
  }

  private static String classes() throws URISyntaxException {
    return Path.of(Probe.class.getProtectionDomain().getCodeSource().getLocation().toURI())
        .toString();
  }

  private String version(int number) {
    return folder.resolve("v" + number + ".metadata.json").toString();
  }

  @Test
  void lockIsHeldAgainstOtherProcessesWhileThreadsWaitForIt() throws Exception {
    FileLockManager first = new FileLockManager();
    FileLockManager second = new FileLockManager();
    assertThat(first.acquire(version(1), "one")).isTrue();
    CompletableFuture<Boolean> waiting =
        CompletableFuture.supplyAsync(() -> second.acquire(version(2), "two"));
    Thread.sleep(100);

    assertThat(anotherProcessGetsIt()).isFalse();
    assertThat(waiting).isNotDone();

    assertThat(first.release(version(1), "one")).isTrue();
    assertThat(waiting.get(30, TimeUnit.SECONDS)).isTrue();
    assertThat(anotherProcessGetsIt()).isFalse();

    second.close();
    assertThat(anotherProcessGetsIt()).isTrue();
  }

  @Test
  void lockThatAnotherHoldsIsNamedAndNothingWasTried() {
    try (FileLockManager first = new FileLockManager();
        FileLockManager second = new FileLockManager(Duration.ofMillis(20))) {
      first.acquire(version(1), "one");

      assertThatThrownBy(() -> second.acquire(version(2), "two"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("Table lock " + folder.resolve("nova-commit.lock"))
          .hasMessageContaining("another process has held it")
          .hasMessageContaining("Nothing was changed.");
    }
  }

  @Test
  void whatIsNotHeldCannotBeReleased() {
    try (FileLockManager locks = new FileLockManager()) {
      assertThat(locks.release(version(1), "one")).isFalse();
    }
  }
}
