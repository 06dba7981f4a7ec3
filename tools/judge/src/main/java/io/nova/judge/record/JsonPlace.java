package io.nova.judge.record;

import io.nova.judge.json.JsonTokens;
import io.nova.judge.json.StrictJson;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** JSON pointers (RFC 6901) into values whose syntax was checked. */
final class JsonPlace {
  private JsonPlace() {}

  /**
   * The values at a step below a value: none, one, or more where a key occurs more than once.
   *
   * @param json the bytes of the value
   * @param step a key, or a position in an array
   */
  static List<byte[]> below(byte[] json, String step) {
    return switch (json[0]) {
      case '{' -> members(json, step);
      case '[' -> element(json, step).map(List::of).orElse(List.of());
      default -> List.of();
    };
  }

  /** The steps of a pointer. */
  static List<String> steps(String pointer) {
    if (pointer.isEmpty()) {
      return List.of();
    }
    return Arrays.stream(pointer.substring(1).split("/", -1))
        .map(step -> step.replace("~1", "/").replace("~0", "~"))
        .toList();
  }

  private static List<byte[]> members(byte[] json, String key) {
    StrictJson text = new StrictJson();
    text.read(json);
    ArrayList<byte[]> found = new ArrayList<>();
    for (int member = 0; member < text.members(); member++) {
      if (text.key(member).equals(key)) {
        found.add(text.slice(member));
      }
    }
    return found;
  }

  /** The element at a position; empty when there is none. */
  private static Optional<byte[]> element(byte[] json, String step) {
    List<byte[]> all = elements(json);
    return IntStream.range(0, all.size())
        .filter(position -> step.equals(String.valueOf(position)))
        .mapToObj(all::get)
        .findFirst();
  }

  /** The elements of an array whose syntax was checked. */
  static List<byte[]> elements(byte[] json) {
    ArrayList<byte[]> found = new ArrayList<>();
    int depth = 0;
    int start = 1;
    for (int i = 0; i < json.length; i++) {
      switch (json[i]) {
        case '"' -> i = JsonTokens.string(json, i) - 1;
        case '[', '{' -> depth++;
        case ']', '}' -> depth--;
        default -> {}
      }
      if (depth == 0 || (depth == 1 && json[i] == ',')) {
        trimmed(json, start, i).ifPresent(found::add);
        start = i + 1;
      }
    }
    return found;
  }

  private static Optional<byte[]> trimmed(byte[] json, int from, int to) {
    int start = from;
    int end = to;
    while (start < end && isBlank(json[start])) {
      start++;
    }
    while (end > start && isBlank(json[end - 1])) {
      end--;
    }
    return start == end ? Optional.empty() : Optional.of(Arrays.copyOfRange(json, start, end));
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }
}
