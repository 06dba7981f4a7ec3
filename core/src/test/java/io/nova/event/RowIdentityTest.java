package io.nova.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nova.event.mapping.Mapping;
import io.nova.event.row.Column;
import io.nova.event.row.EventSchema;
import io.nova.event.row.RowCursor;
import io.nova.event.row.RowEncoder;
import io.nova.event.row.RowFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RowIdentityTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String[] TEXTS = {"", "a", "\"\\", "é\u0000", "😀", "17"};

  private final Random random = new Random(17);

  /** Some keys of an export record, with values that fit their columns. */
  private byte[] message() throws IOException {
    ObjectNode record = JSON.createObjectNode();
    record.put("app", random.nextLong());
    record.put("server_upload_time", "2026-11-20 10:02:00.%06d".formatted(random.nextInt(999_999)));
    for (Column column : EventSchema.columns()) {
      if (!record.has(column.key()) && random.nextInt(3) > 0) {
        switch (column.kind()) {
          case STRING -> record.put(column.key(), TEXTS[random.nextInt(TEXTS.length)]);
          case INTEGER -> record.put(column.key(), random.nextLong());
          case BOOLEAN -> record.put(column.key(), random.nextBoolean());
          case TIME ->
              record.put(column.key(), "2026-11-%02d 10:02:00".formatted(1 + random.nextInt(28)));
          case DOUBLE -> record.put(column.key(), random.nextDouble());
          case JSON -> record.putObject(column.key()).put("x", 1);
        }
      }
    }
    return JSON.writeValueAsBytes(record);
  }

  /** Columns of an identity; none for the built-in kinds. */
  private List<String> names() {
    List<String> names = new ArrayList<>(RowIdentity.COLUMNS);
    names.remove("app");
    Collections.shuffle(names, random);
    return names.subList(0, random.nextInt(4));
  }

  @Test
  void anEncodedRowHasTheIdentityOfItsMessage() throws IOException {
    RowEncoder rows = new RowEncoder();
    RowCursor row = new RowCursor();
    int found = 0;
    for (int i = 0; i < 5_000; i++) {
      List<String> names = names();
      EventParser parser = new EventParser(Mapping.amplitude(), (app, upload) -> names);
      if (parser.parse(message()) instanceof Parsed.Event event) {
        row.move(
            rows.encode(event.fields(), new RowEncoder.Placement(1, 2, "events", 3, 4)),
            0,
            RowFormat.columns() - 1);

        assertThat(
                new RowIdentity(Mapping.amplitude(), (app, upload) -> names)
                    .of(name -> row.value(EventSchema.position(name))))
            .contains(event.identity());
        found++;
      }
    }
    assertThat(found).isGreaterThan(1_000);
  }
}
