package io.nova.judge.json;

import java.util.Arrays;

/**
 * Reads one JSON text by RFC 8259, strictly, and notes where the members of its top-level object
 * lie. Bytes must be UTF-8 without surrogates or overlong forms; nothing may stand before or after
 * but blanks (and a byte order mark, which RFC 8259 allows to ignore). A key with an escaped lone
 * surrogate has no text form and breaks the text; a value with one does not. Nesting is limited by
 * memory alone. One instance reads many texts; for one thread.
 */
public final class StrictJson {
  /** What the text is. */
  public enum Shape {
    OBJECT,
    OTHER_VALUE,
    BROKEN
  }

  private static final int END = -1;

  private byte[] text = new byte[0];
  private int at;
  private int deepest;
  private byte[] brackets = new byte[64];
  private int members;
  private int[] spans = new int[64 * 2];
  private String[] keys = new String[64];

  /** Reads a text; the other methods then speak of it. */
  public Shape read(byte[] json) {
    text = json;
    at = 0;
    deepest = 0;
    members = 0;
    try {
      byteOrderMark();
      blanks();
      boolean object = peek() == '{';
      if (object) {
        object();
      } else {
        value(0);
      }
      blanks();
      expectEnd();
      return object ? Shape.OBJECT : Shape.OTHER_VALUE;
    } catch (BrokenText broken) {
      return Shape.BROKEN;
    }
  }

  /** How many objects and arrays are inside each other at most; the outermost counts. */
  public int deepest() {
    return deepest;
  }

  /** How many members the top-level object has (of a broken text: those before the break). */
  public int members() {
    return members;
  }

  /** The key of a member. */
  public String key(int member) {
    return keys[member];
  }

  /** The first byte of a member's value. */
  public byte firstOf(int member) {
    return text[valueStart(member)];
  }

  /** The text of a member's value, which is a string. */
  public String insideOf(int member) {
    return JsonStrings.decode(text, valueStart(member) + 1, valueEnd(member) - 1);
  }

  /** The bytes of a member's value as they stand in the text. */
  public byte[] slice(int member) {
    return Arrays.copyOfRange(text, valueStart(member), valueEnd(member));
  }

  private int valueStart(int member) {
    return spans[2 * member];
  }

  private int valueEnd(int member) {
    return spans[2 * member + 1];
  }

  private void object() {
    deepest = 1;
    at++;
    blanks();
    if (peek() == '}') {
      at++;
      return;
    }
    while (true) {
      member();
      blanks();
      int next = take();
      if (next == '}') {
        return;
      }
      if (next != ',') {
        throw new BrokenText();
      }
      blanks();
    }
  }

  private void member() {
    int keyStart = at + 1;
    keyString();
    String key = JsonStrings.decode(text, keyStart, at - 1);
    blanks();
    expect(':');
    blanks();
    int valueStart = at;
    value(1);
    if (members == keys.length) {
      keys = Arrays.copyOf(keys, members * 2);
      spans = Arrays.copyOf(spans, members * 4);
    }
    keys[members] = key;
    spans[2 * members] = valueStart;
    spans[2 * members + 1] = at;
    members++;
  }

  /** A value with all that is inside, by a stack of open brackets instead of recursion. */
  private void value(int outer) {
    int depth = 0;
    while (true) {
      int first = peek();
      if (first == '{' || first == '[') {
        at++;
        push(depth++, (byte) first);
        deepest = Math.max(deepest, outer + depth);
        blanks();
        if (peek() != closing(depth)) {
          beforeElement(depth);
          continue;
        }
      } else {
        scalar(first);
      }
      depth = closeOrGoOn(depth);
      if (depth == 0) {
        return;
      }
    }
  }

  /** After a value: closes brackets, or steps over a comma; returns the depth that is left. */
  private int closeOrGoOn(int depthNow) {
    int depth = depthNow;
    while (depth > 0) {
      blanks();
      int next = take();
      if (next == ',') {
        blanks();
        beforeElement(depth);
        return depth;
      }
      if (next != closing(depth)) {
        throw new BrokenText();
      }
      depth--;
    }
    return 0;
  }

  private void beforeElement(int depth) {
    if (brackets[depth - 1] == '{') {
      keyString();
      blanks();
      expect(':');
      blanks();
    }
  }

  private void push(int depth, byte bracket) {
    if (depth == brackets.length) {
      brackets = Arrays.copyOf(brackets, depth * 2);
    }
    brackets[depth] = bracket;
  }

  private int closing(int depth) {
    return brackets[depth - 1] == '{' ? '}' : ']';
  }

  private void scalar(int first) {
    switch (first) {
      case '"' -> string();
      case 't' -> word("true");
      case 'f' -> word("false");
      case 'n' -> word("null");
      default -> at = JsonTokens.number(text, at);
    }
  }

  private void string() {
    if (peek() != '"') {
      throw new BrokenText();
    }
    at = JsonTokens.string(text, at);
  }

  private void keyString() {
    int start = at + 1;
    string();
    if (JsonStrings.hasLoneSurrogate(text, start, at - 1)) {
      throw new BrokenText();
    }
  }

  private void byteOrderMark() {
    if (text.length >= 3
        && text[0] == (byte) 0xef
        && text[1] == (byte) 0xbb
        && text[2] == (byte) 0xbf) {
      at = 3;
    }
  }

  private void word(String word) {
    for (int i = 0; i < word.length(); i++) {
      expect(word.charAt(i));
    }
  }

  private void blanks() {
    while (at < text.length
        && (text[at] == ' ' || text[at] == '\n' || text[at] == '\r' || text[at] == '\t')) {
      at++;
    }
  }

  private int peek() {
    return at < text.length ? text[at] : END;
  }

  private int take() {
    return at < text.length ? text[at++] : END;
  }

  private void expect(char expected) {
    if (take() != expected) {
      throw new BrokenText();
    }
  }

  private void expectEnd() {
    if (at != text.length) {
      throw new BrokenText();
    }
  }

  /** Ends the reading of a broken text; never leaves this package. */
  static final class BrokenText extends RuntimeException {
    BrokenText() {
      super("broken JSON", null, false, false);
    }
  }
}
