package io.nova.cli.sql;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Finds the cause in the gateway's error answers, without the stack traces. */
final class SqlErrors {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern EXCEPTION =
      Pattern.compile("^(?:Caused by: )?(?:[\\w$]+\\.)+[\\w$]*(?:Exception|Error)(?:: (.*))?$");

  private static final String RESTARTED = "Job restarted";

  /** Flink's client says only this when a query is restarted, whatever the reason. */
  private static final String RESTARTED_FOR =
      "Job restarted. Flink restarted the query, and its answer cannot go on. SET"
          + " 'restart-strategy.type' = 'none' shows the reason. The usual one is a row larger than"
          + " 'collect-sink.batch-size.max', 2 MB by default.";

  private SqlErrors() {}

  /** The reason in the body of an answer that is not 200. */
  static String reason(String body) {
    try {
      JsonNode errors = JSON.readTree(body).path("errors");
      List<String> lines =
          StreamSupport.stream(errors.spliterator(), false)
              .flatMap(error -> error.asText().lines())
              .toList();
      return lines.isEmpty() ? body : causes(lines);
    } catch (JsonProcessingException e) {
      return body;
    }
  }

  /** The message of the last cause, which may have several lines. */
  private static String causes(List<String> lines) {
    int last = -1;
    for (int i = 0; i < lines.size(); i++) {
      Matcher found = EXCEPTION.matcher(lines.get(i));
      if (found.matches() && found.group(1) != null) {
        last = i;
      }
    }
    if (last < 0) {
      return String.join("\n", lines);
    }
    String message = message(lines, last);
    return message.equals(RESTARTED) ? RESTARTED_FOR : message;
  }

  private static String message(List<String> lines, int last) {
    String first = EXCEPTION.matcher(lines.get(last)).replaceFirst("$1");
    Stream<String> rest = lines.stream().skip(last + 1L).takeWhile(SqlErrors::belongsToMessage);
    return String.join("\n", Stream.concat(Stream.of(first), rest).toList()).strip();
  }

  private static boolean belongsToMessage(String line) {
    return !line.startsWith("\tat ")
        && !line.startsWith("Caused by:")
        && !line.equals("End of exception on server side>");
  }
}
