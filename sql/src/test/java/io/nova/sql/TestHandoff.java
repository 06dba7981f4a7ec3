package io.nova.sql;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nova.handoff.BatchNumbers;
import io.nova.iceberg.commit.HandoffProperties;
import java.util.function.Consumer;
import org.apache.iceberg.DeleteFiles;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expressions;

/** Changes the handoff of a table as the job does, but without its checks. */
public final class TestHandoff {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String NONE =
      "{\"version\":1,\"completed\":%s,\"deleted\":%s,\"position\":-1,\"batches\":[]}"
          .formatted(BatchNumbers.NONE, BatchNumbers.NONE);

  private TestHandoff() {}

  /** Sets the last completed batch. A smaller one than before is a withdraw. */
  public static void complete(Table table, long batch) {
    change(
        table,
        handoff -> {
          boolean withdrawn = handoff.get("completed").asLong() > batch;
          handoff.put("completed", batch);
          for (JsonNode entry : handoff.withArray("batches")) {
            if (entry.get("batch").asLong() == (withdrawn ? batch + 1 : batch)) {
              String what = withdrawn ? "withdrawn" : "completed";
              ((ObjectNode) entry).put(what + "AtMs", 2_000L).put(what + "By", "etl");
            }
          }
        });
  }

  /** Removes the files of a batch. The new snapshot is the same link of the chain. */
  public static void remove(Table table, long batch) {
    DeleteFiles removal =
        table.newDelete().deleteFromRowFilter(Expressions.equal("batch_number", batch));
    table
        .currentSnapshot()
        .summary()
        .forEach(
            (key, value) -> {
              if (key.startsWith("nova.")) {
                removal.set(key, value);
              }
            });
    removal.commit();
    change(
        table,
        handoff -> {
          handoff.put("deleted", batch);
          for (JsonNode entry : handoff.withArray("batches")) {
            if (entry.get("batch").asLong() == batch) {
              ((ObjectNode) entry).put("removedAtMs", 3_000L);
            }
          }
        });
  }

  private static void change(Table table, Consumer<ObjectNode> edit) {
    String before = table.properties().getOrDefault(HandoffProperties.PROPERTY, NONE);
    try {
      ObjectNode handoff = (ObjectNode) JSON.readTree(before);
      edit.accept(handoff);
      table.updateProperties().set(HandoffProperties.PROPERTY, handoff.toString()).commit();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
