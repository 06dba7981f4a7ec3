package io.nova.event.mapping;

import java.util.ArrayList;
import java.util.List;

/** JSON pointers (RFC 6901), such as {@code /a/b~1c/0}. */
final class JsonPointers {
  private JsonPointers() {}

  /** Whether a text is a pointer to something inside a record. */
  static boolean valid(String text) {
    return text.startsWith("/") && !text.replaceAll("~[01]", "").contains("~");
  }

  /** The keys and array positions of a pointer, in order. */
  static List<String> tokens(String pointer) {
    List<String> tokens = new ArrayList<>();
    for (String token : pointer.substring(1).split("/", -1)) {
      tokens.add(token.replace("~1", "/").replace("~0", "~"));
    }
    return tokens;
  }
}
