package io.nova.cli.ask;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nova.cli.process.CommandException;
import io.nova.cli.process.ConsoleFile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

/** Asks a running console over HTTP. Thread-safe. */
public final class ConsoleClient {
  /** Longest wait of the console for a pin, which loads the rows of its cut. */
  public static final Duration PIN_WAIT = Duration.ofSeconds(65);

  private static final ObjectMapper JSON = new ObjectMapper();

  /** The console itself ends a statement and a pin at its timeout. */
  private static final Duration LONGER = Duration.ofSeconds(15);

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final ConsoleFile console;

  /** A client of this console. */
  public ConsoleClient(ConsoleFile console) {
    this.console = console;
  }

  /**
   * A question.
   *
   * @param id names it, so that it can be cancelled
   * @param sql one SELECT in DuckDB's dialect
   * @param read {@code live} or {@code committed}
   * @param cut the id of a pinned cut; empty for the current one
   * @param maxRows greatest number of rows in the answer
   * @param timeoutMillis time after which the console cancels it
   */
  public record Asked(
      String id, String sql, String read, String cut, int maxRows, long timeoutMillis) {
    private Map<String, Object> body() {
      Map<String, Object> fields = new java.util.LinkedHashMap<>();
      fields.put("id", id);
      fields.put("sql", sql);
      fields.put("read", read);
      if (!cut.isEmpty()) {
        fields.put("cut", cut);
      }
      fields.put("maxRows", maxRows);
      fields.put("timeoutMillis", timeoutMillis);
      return fields;
    }
  }

  /**
   * The answer to a question.
   *
   * @throws CommandException if there is none; the message is the console's reason
   */
  public JsonNode ask(Asked asked) {
    HttpRequest request =
        request("/api/ask")
            .header("Content-Type", "application/json")
            .timeout(Duration.ofMillis(asked.timeoutMillis()).plus(LONGER))
            .POST(HttpRequest.BodyPublishers.ofString(json(asked.body())))
            .build();
    HttpResponse<String> response = send(request);
    if (response.statusCode() != 200) {
      throw new CommandException(reason(response));
    }
    return parsed(response.body());
  }

  /**
   * Pins a cut, which the console releases after this time.
   *
   * @return the id of the cut
   * @throws CommandException if it cannot be pinned; the message is the console's reason
   */
  public String pin(int seconds) {
    HttpResponse<String> response =
        send(
            request("/api/cuts")
                .header("Content-Type", "application/json")
                .timeout(PIN_WAIT.plus(LONGER))
                .POST(HttpRequest.BodyPublishers.ofString(json(Map.of("seconds", seconds))))
                .build());
    if (response.statusCode() != 200) {
      throw new CommandException(reason(response));
    }
    return parsed(response.body()).path("cut").asText();
  }

  /** Releases a pinned cut. A console that does not answer is no error. */
  public void release(String cut) {
    delete("/api/cuts/" + cut);
  }

  /** Cancels a question. A console that does not answer is no error. */
  public void cancel(String id) {
    delete("/api/ask/" + id);
  }

  private void delete(String path) {
    try {
      http.send(
          request(path).timeout(Duration.ofSeconds(2)).DELETE().build(),
          HttpResponse.BodyHandlers.discarding());
    } catch (IOException ended) {
      // Statements and pins have a time of their own.
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(console.address() + path))
        .header("Accept", "application/json")
        .header("Authorization", "Bearer " + console.token());
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new CommandException(
          "The console at %s did not answer: %s. Its log is console.log in the folder of the logs."
              .formatted(console.address(), e),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException("The question was interrupted", e);
    }
  }

  private String reason(HttpResponse<String> response) {
    try {
      String error = JSON.readTree(response.body()).path("error").asText();
      if (!error.isEmpty()) {
        return error;
      }
    } catch (JsonProcessingException none) {
      // Another program has its port.
    }
    return "The console at %s answered with status %d and no reason."
        .formatted(console.address(), response.statusCode());
  }

  private JsonNode parsed(String body) {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new CommandException(
          "The console at %s answered with something else than JSON: %s"
              .formatted(console.address(), e.getOriginalMessage()),
          e);
    }
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
