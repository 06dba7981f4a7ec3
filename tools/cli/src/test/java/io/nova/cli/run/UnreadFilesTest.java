package io.nova.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.workload.input.FileMessages;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnreadFilesTest {
  @TempDir private Path folder;

  @Test
  void equalReadingsHaveNoDifference() throws Exception {
    String file = Files.writeString(folder.resolve("a.jsonl"), "{}\n{}\n").toString();

    assertThat(UnreadFiles.differences(new FileMessages(List.of(file)))).isEmpty();
  }

  @Test
  void aFileThatCannotBeReadAgainIsADifference() {
    String gone = folder.resolve("gone.jsonl").toString();

    assertThat(UnreadFiles.differences(new FileMessages(List.of(gone))))
        .singleElement()
        .asString()
        .contains("not compared", gone);
  }

  @Test
  void standardInputIsNotReadAgain() {
    InputStream in = System.in;
    System.setIn(InputStream.nullInputStream());
    try {
      assertThat(UnreadFiles.differences(new FileMessages(List.of("-")))).isEmpty();
    } finally {
      System.setIn(in);
    }
  }
}
