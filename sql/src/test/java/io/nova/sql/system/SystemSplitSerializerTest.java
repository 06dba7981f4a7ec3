package io.nova.sql.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.live.cut.Completeness;
import io.nova.live.cut.LiveAccess;
import io.nova.sql.source.Warehouse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SystemSplitSerializerTest {
  private static final SystemRows ROWS =
      new SystemRows(
          SystemTable.CHUNKS,
          new Warehouse("/w"),
          new LiveAccess(Completeness.STRICT, "", Duration.ZERO));

  private final SystemSplitSerializer splits = new SystemSplitSerializer(ROWS);

  @Test
  void splitOfVersion1() throws IOException {
    SystemSplit split = new SystemSplit(ROWS, 258);
    String json = "[258]";
    assertThat(new String(splits.ofOne().serialize(split), UTF_8)).isEqualTo(json);
    assertThat(splits.deserialize(1, json.getBytes(UTF_8))).isEqualTo(List.of(split));
    assertThat(splits.deserialize(1, splits.serialize(List.of(split, split)))).hasSize(2);
  }

  @Test
  void otherVersionsFail() {
    for (int version : new int[] {0, 2}) {
      assertThatThrownBy(() -> splits.deserialize(version, new byte[0]))
          .hasMessageContaining("found version " + version + ", expected 1");
    }
  }
}
