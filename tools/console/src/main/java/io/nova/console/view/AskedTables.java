package io.nova.console.view;

import io.nova.console.ask.Answer;
import io.nova.console.ask.AskEngine;
import io.nova.console.ask.AskException;
import io.nova.console.ask.Question;
import io.nova.console.server.Reply;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Answers of several questions as one reply: {@code tables}, {@code bounds} and {@code gaps}. */
final class AskedTables {
  private static final int MOST_ROWS = 1_000;
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final Map<String, Map<String, Object>> tables = new LinkedHashMap<>();
  private final Set<String> bounds = new LinkedHashSet<>();
  private final Set<String> gaps = new LinkedHashSet<>();

  private AskedTables() {}

  /**
   * Asks one question after the other. A failure is a reply with its reason.
   *
   * @param statements SQL by the name of its table in the reply
   * @param more further keys of the reply
   */
  static Reply reply(AskEngine engine, Map<String, String> statements, Map<String, Object> more) {
    AskedTables asked = new AskedTables();
    try {
      for (Map.Entry<String, String> statement : statements.entrySet()) {
        asked.add(statement.getKey(), engine.ask(question(statement.getValue())));
      }
    } catch (AskException e) {
      return Reply.error(
          e.kind() == AskException.Kind.CANCELLED ? 408 : 503, String.valueOf(e.getMessage()));
    }
    Map<String, Object> reply = new LinkedHashMap<>(more);
    reply.put("tables", asked.tables);
    reply.put("bounds", asked.bounds);
    reply.put("gaps", asked.gaps);
    return Reply.json(reply);
  }

  private static Question question(String sql) {
    return new Question("view-" + UUID.randomUUID(), sql, true, MOST_ROWS, TIMEOUT);
  }

  private void add(String name, Answer answer) {
    tables.put(name, Map.of("columns", answer.columns(), "rows", answer.rows()));
    bounds.addAll(answer.bounds());
    gaps.addAll(answer.gaps());
  }
}
