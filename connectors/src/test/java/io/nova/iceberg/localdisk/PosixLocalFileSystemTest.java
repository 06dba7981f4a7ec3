package io.nova.iceberg.localdisk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;

class PosixLocalFileSystemTest {
  private static final String FULL_DISK = "/dev/full";

  @Test
  void writeToFullDiskNamesTheFile() throws IOException {
    assumeThat(Files.exists(java.nio.file.Path.of(FULL_DISK))).isTrue();
    try (PosixLocalFileSystem files = new PosixLocalFileSystem()) {
      files.initialize(URI.create("file:///"), new Configuration());
      try (OutputStream out = files.createOutputStreamWithMode(new Path(FULL_DISK), false, null)) {
        assertThatThrownBy(() -> out.write(1))
            .isInstanceOf(IOException.class)
            .hasMessage("/dev/full cannot be written: No space left on device");
      }
    }
  }

  @Test
  void aSchemeIsKnown() throws IOException {
    try (PosixLocalFileSystem files = new PosixLocalFileSystem()) {
      assertThat(files.getScheme()).isEqualTo("file");
    }
  }
}
