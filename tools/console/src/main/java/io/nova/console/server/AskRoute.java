package io.nova.console.server;

import io.nova.console.ask.Answer;
import io.nova.console.ask.AskEngine;
import io.nova.console.ask.AskException;
import io.nova.console.ask.Question;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/** Answers questions by the fast path, as JSON or CSV. Thread-safe. */
public final class AskRoute implements Route {
  private static final int AT_ONCE = 32;

  /** Clients refuse long headers. */
  private static final int MOST_HEADER_CHARS = 2_000;

  private final AskEngine engine;
  private final Semaphore free = new Semaphore(AT_ONCE);

  /** A route to this engine. */
  public AskRoute(AskEngine engine) {
    this.engine = engine;
  }

  @Override
  public Reply handle(Request request) {
    return request.method().equals("DELETE") ? cancel(request) : ask(request);
  }

  private Reply cancel(Request request) {
    String id = request.id();
    engine.cancel(id);
    return Reply.json(Map.of("cancelled", id));
  }

  private Reply ask(Request request) {
    Question question;
    try {
      question = AskForm.read(request.body());
    } catch (IllegalArgumentException e) {
      return Reply.error(400, String.valueOf(e.getMessage()));
    }
    if (!free.tryAcquire()) {
      return Reply.error(
          429,
          "%d questions run at this moment, the most at once. Nothing was done. Try again when one has ended."
              .formatted(AT_ONCE));
    }
    try {
      Answer answer = engine.ask(question);
      return request.accept().contains("text/csv")
          ? csv(answer)
          : Reply.json(object(answer, PageNumbers.wanted(request)));
    } catch (AskException e) {
      return Reply.error(status(e.kind()), String.valueOf(e.getMessage()));
    } finally {
      free.release();
    }
  }

  /** A CSV file has no place for what a reader must know of its rows, so headers say it. */
  private static Reply csv(Answer answer) {
    Reply rows =
        Reply.text("text/csv", Csv.of(answer))
            .with("Nova-Truncated", String.valueOf(answer.truncated()));
    return with(with(rows, "Nova-Gaps", answer.gaps()), "Nova-Bounds", answer.bounds());
  }

  private static Reply with(Reply rows, String header, List<String> remarks) {
    String all = String.join("; ", remarks);
    return all.isEmpty()
        ? rows
        : rows.with(header, all.substring(0, Math.min(MOST_HEADER_CHARS, all.length())));
  }

  private static int status(AskException.Kind kind) {
    return switch (kind) {
      case STATEMENT -> 400;
      case CANCELLED -> 408;
      case UNAVAILABLE -> 503;
    };
  }

  private static Map<String, Object> object(Answer answer, boolean safeNumbers) {
    LinkedHashMap<String, Object> object = new LinkedHashMap<>();
    object.put("columns", answer.columns());
    object.put("rows", safeNumbers ? PageNumbers.rows(answer.rows()) : answer.rows());
    object.put("truncated", answer.truncated());
    object.put("bounds", answer.bounds());
    object.put("millis", answer.millis());
    object.put("rowsRead", answer.rowsRead());
    object.put("bytesRead", answer.bytesRead());
    object.put("readToken", answer.readToken());
    object.put("gaps", answer.gaps());
    return object;
  }
}
