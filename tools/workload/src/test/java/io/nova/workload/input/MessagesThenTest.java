package io.nova.workload.input;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MessagesThenTest {
  @TempDir private Path folder;

  private Messages lines(String name, String text) throws Exception {
    return new FileMessages(List.of(Files.writeString(folder.resolve(name), text).toString()));
  }

  private static List<String> read(Messages messages) {
    ArrayList<String> texts = new ArrayList<>();
    try (MessageCursor cursor = messages.open()) {
      cursor.forEachRemaining(message -> texts.add(new String(message.value(), UTF_8)));
      assertThatThrownBy(cursor::next).isInstanceOf(NoSuchElementException.class);
    }
    return texts;
  }

  @Test
  void theOthersFollowTheFirstEachTimeTheyAreOpened() throws Exception {
    MessagesThen both = new MessagesThen(lines("a", "1\n2\n"), lines("b", "3\n"));

    assertThat(read(both)).containsExactly("1", "2", "3");
    assertThat(read(both)).containsExactly("1", "2", "3");
    assertThat(both.count()).isEmpty();
  }

  @Test
  void eitherMayBeEmpty() throws Exception {
    assertThat(read(new MessagesThen(lines("a", ""), lines("b", "3\n")))).containsExactly("3");
    assertThat(read(new MessagesThen(lines("a", "1\n"), lines("b", "")))).containsExactly("1");
  }
}
