package io.nova.iceberg.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class HaltFolderTest {
  @TempDir private Path folder;

  @Test
  void nothingHaltsWithoutTheProperty() {
    HaltFolder.ofProperty().accept(HaltPoint.TAG);
  }

  @Test
  @Timeout(60)
  void aPointThatAFileNamesHaltsOneThreadUntilItsFileIsGone() throws Exception {
    Files.createFile(folder.resolve("TAG"));
    Path reached = folder.resolve("TAG." + ProcessHandle.current().pid());
    HaltFolder halts = new HaltFolder(folder);
    Thread halted = new Thread(() -> halts.accept(HaltPoint.TAG));
    halted.start();
    while (!Files.exists(reached)) {
      TimeUnit.MILLISECONDS.sleep(10);
    }

    halts.accept(HaltPoint.TAG);
    halts.accept(HaltPoint.PROPERTY);
    halted.interrupt();
    halted.join(200);
    assertThat(halted.isAlive()).isTrue();

    Files.delete(reached);
    halted.join();
  }
}
