package io.nova.console.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nova.console.server.Reply;
import io.nova.console.server.Request;
import io.nova.console.server.Route;
import io.nova.handoff.AuditFigures;
import io.nova.handoff.BatchName;
import io.nova.handoff.BatchRequest;
import io.nova.iceberg.EventTable;
import io.nova.kafka.batches.client.BatchClient;
import io.nova.kafka.batches.client.BatchResult;
import io.nova.kafka.batches.client.RequestTopicException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Closes, completes and withdraws batches, if the console was started with {@code --allow-changes}.
 * Thread-safe.
 */
public final class BatchChanges implements Route {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{32}");

  private final WatchedStore store;
  private final boolean allowed;
  private final Runnable changed;

  /**
   * Changes of this store.
   *
   * @param allowed whether there may be any
   * @param changed called after each one
   */
  public BatchChanges(WatchedStore store, boolean allowed, Runnable changed) {
    this.store = store;
    this.allowed = allowed;
    this.changed = changed;
  }

  @Override
  public Reply handle(Request request) throws IOException {
    if (!allowed) {
      return Reply.error(
          403,
          "This console is read only. To change batches, start it with: ./nova console --allow-changes. Nothing was done.");
    }
    try {
      return ask(request.path(), JSON.readTree(request.body()));
    } catch (IllegalArgumentException e) {
      return Reply.error(400, String.valueOf(e.getMessage()));
    } catch (RequestTopicException e) {
      return Reply.error(503, String.valueOf(e.getMessage()));
    }
  }

  private Reply ask(String path, @Nullable JsonNode form) {
    if (form == null || !form.isObject()) {
      throw new IllegalArgumentException(
          "The body: found no JSON object, expected one. Nothing was done.");
    }
    EventTable table = store.table();
    long batch = BatchName.parse(form.path("batch").asText(), table.rules().batchLength());
    BatchResult result =
        new BatchClient(table, store.requests())
            .ask(request(path, batch, form), store.longestWait());
    changed.run();
    LinkedHashMap<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("batch", BatchName.of(batch, table.rules().batchLength()));
    answer.put("state", result.state().title());
    answer.put("link", result.link());
    answer.put("request", result.request());
    answer.put("detail", result.detail());
    return Reply.json(result.state() == BatchResult.State.REFUSED ? 409 : 200, answer);
  }

  private static BatchRequest request(String path, long batch, JsonNode form) {
    String user = "console of " + System.getProperty("user.name", "unknown");
    long now = System.currentTimeMillis();
    boolean force = form.path("force").asBoolean();
    return switch (path) {
      case "/close" -> {
        List<Integer> leftOut = form.path("leaveOut").valueStream().map(JsonNode::asInt).toList();
        yield BatchRequest.close(batch, force, leftOut, user, now);
      }
      case "/complete" -> {
        String link = link(form);
        yield force
            ? BatchRequest.forceComplete(batch, link, user, now)
            : BatchRequest.complete(batch, link, audit(form), user, now);
      }
      case "/withdraw" -> BatchRequest.withdraw(batch, user, now);
      default ->
          throw new IllegalArgumentException(
              "Change: found another path, expected close, complete or withdraw. Nothing was done.");
    };
  }

  private static String link(JsonNode form) {
    String text = form.path("link").asText();
    try {
      return UUID.fromString(text).toString();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "link: found another text, expected the UUID of the link that closed the batch. Nothing was done.",
          e);
    }
  }

  private static @Nullable AuditFigures audit(JsonNode form) {
    String digest = form.path("digest").asText("");
    if (digest.isEmpty() && !form.path("rows").isNumber()) {
      return null;
    }
    if (!form.path("rows").isNumber() || !DIGEST.matcher(digest).matches()) {
      throw new IllegalArgumentException(
          "rows and digest: expected both, and 32 lower-case hexadecimal digits. Nothing was done.");
    }
    return new AuditFigures(form.path("rows").asLong(), digest);
  }
}
