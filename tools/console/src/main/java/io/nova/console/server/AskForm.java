package io.nova.console.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nova.console.ask.Question;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** The JSON body of a question. */
final class AskForm {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final int MAX_ROWS = 100_000;
  private static final int USUAL_ROWS = 1_000;
  private static final int MAX_SQL = 200_000;
  private static final long USUAL_MILLIS = 30_000;
  private static final long MAX_MILLIS = 600_000;

  private AskForm() {}

  /**
   * The question in a body.
   *
   * @throws IllegalArgumentException if the body is no JSON object, or a value is missing or out of
   *     bounds; the message is for users
   */
  static Question read(byte[] body) {
    JsonNode form = object(body);
    String id = form.path("id").asText(UUID.randomUUID().toString());
    require(ID.matcher(id).matches(), "id", shortened(id), "1 to 64 letters, digits, - and _");
    String sql = form.path("sql").asText("");
    require(!sql.isBlank(), "sql", "nothing", "one statement");
    require(sql.length() <= MAX_SQL, "sql", sql.length() + " letters", "at most " + MAX_SQL);
    String read = form.path("read").asText("live");
    require(
        read.equals("live") || read.equals("committed"),
        "read",
        shortened(read),
        "live or committed");
    long rows = form.path("maxRows").asLong(USUAL_ROWS);
    require(rows >= 1 && rows <= MAX_ROWS, "maxRows", Long.toString(rows), "1 to " + MAX_ROWS);
    long millis = form.path("timeoutMillis").asLong(USUAL_MILLIS);
    require(
        millis >= 1 && millis <= MAX_MILLIS,
        "timeoutMillis",
        Long.toString(millis),
        "1 to " + MAX_MILLIS);
    String cut = form.path("cut").asText("");
    require(cut.isEmpty() || ID.matcher(cut).matches(), "cut", shortened(cut), "the id of a cut");
    return new Question(
        id,
        sql,
        read.equals("live"),
        (int) rows,
        Duration.ofMillis(millis),
        cut.isEmpty() ? Optional.empty() : Optional.of(cut));
  }

  /**
   * The object in a body.
   *
   * @throws IllegalArgumentException if it is none
   */
  static JsonNode object(byte[] body) {
    try {
      JsonNode form = JSON.readTree(body);
      if (form != null && form.isObject()) {
        return form;
      }
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "The body: found no JSON, expected an object. Nothing was done.", e);
    }
    throw new IllegalArgumentException(
        "The body: found no JSON object, expected one. Nothing was done.");
  }

  private static void require(boolean good, String field, String found, String expected) {
    if (!good) {
      throw new IllegalArgumentException(
          "%s: found %s, expected %s. Nothing was done.".formatted(field, found, expected));
    }
  }

  private static String shortened(String text) {
    return text.length() > 80 ? text.substring(0, 80) + "..." : text;
  }
}
