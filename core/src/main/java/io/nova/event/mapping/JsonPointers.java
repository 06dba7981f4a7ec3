package io.nova.event.mapping;

import java.util.ArrayList;
import java.util.List;

/** JSON pointers (RFC 6901), such as {@code /a/b~1c/0}. */
final class JsonPointers {
  /** What a pointer begins with that starts at the message and not at its element. */
  static final String ENVELOPE = "envelope:";

  private JsonPointers() {}

  /** Whether a text is a pointer to something inside a record, or inside the envelope. */
  static boolean valid(String text) {
    String pointer = ofEnvelope(text) ? text.substring(ENVELOPE.length()) : text;
    return pointer.startsWith("/") && !pointer.replaceAll("~[01]", "").contains("~");
  }

  /** Whether a pointer starts at the message. */
  static boolean ofEnvelope(String pointer) {
    return pointer.startsWith(ENVELOPE);
  }

  /** The keys and array positions of a pointer, in order; none for the empty pointer. */
  static List<String> tokens(String pointer) {
    List<String> tokens = new ArrayList<>();
    String path = ofEnvelope(pointer) ? pointer.substring(ENVELOPE.length()) : pointer;
    if (path.isEmpty()) {
      return tokens;
    }
    for (String token : path.substring(1).split("/", -1)) {
      tokens.add(token.replace("~1", "/").replace("~0", "~"));
    }
    return tokens;
  }
}
