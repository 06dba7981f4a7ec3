package io.nova.cli.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nova.judge.Verdict;

/** The JSON output of a command: one object on one line. */
public final class JsonLine {
  private static final ObjectMapper JSON = new ObjectMapper();

  private JsonLine() {}

  /** The line of an object whose members Jackson can write. */
  public static String of(Object object) {
    try {
      return JSON.writeValueAsString(object);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("This object has no JSON form: " + object, e);
    }
  }

  /** The line of a verdict: its components, and whether it holds. */
  public static String of(Verdict verdict) {
    ObjectNode object = JSON.valueToTree(verdict);
    return of(object.put("holds", verdict.holds()));
  }
}
