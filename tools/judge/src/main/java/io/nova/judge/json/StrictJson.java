package io.nova.judge.json;

import java.util.Arrays;

/**
 * A strict reader of JSON texts by RFC 8259, which finds the members of the top-level object. The
 * text must be UTF-8 without surrogates or overlong forms. Before and after the value only blanks
 * are allowed, and a byte order mark, which RFC 8259 allows to ignore. A text is broken if a key
 * has an escaped lone surrogate; a value may have one. Only memory limits the nesting. One instance
 * reads many texts. For one thread.
 */
public final class StrictJson {
  /** The kind of a text. */
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

  /** Reads a text. The other methods are about the text that was read last. */
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

  /** The greatest depth of nested objects and arrays, with the outermost. */
  public int deepest() {
    return deepest;
  }

  /** The number of members of the top-level object; of a broken text, of those before the break. */
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

  /** The text of a member's value, which must be a string. */
  public String insideOf(int member) {
    return JsonStrings.decode(text, valueStart(member) + 1, valueEnd(member) - 1);
  }

  /** The bytes of a member's value. */
  public byte[] slice(int member) {
    return Arrays.copyOfRange(text, valueStart(member), valueEnd(member));
  }

  /** The index of the first byte of a member's value. */
  public int startOf(int member) {
    return valueStart(member);
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

  /** Reads a value, with a stack of open brackets instead of recursion. */
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

  /** Reads what follows a value: closing brackets, or a comma. Returns the remaining depth. */
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

  /** Ends the reading of a broken text. It is caught by {@link #read}. */
  static final class BrokenText extends RuntimeException {
    BrokenText() {
      super("broken JSON", null, false, false);
    }
  }
}
