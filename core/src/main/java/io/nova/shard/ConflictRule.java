package io.nova.shard;

import java.util.Locale;

/** What becomes of an event whose identity is admitted already, with another payload. */
public enum ConflictRule {
  /** It is a duplicate like any other. */
  KEEP_FIRST,
  /** It is admitted too, and its row is marked. */
  KEEP_BOTH,
  /** It goes to the rejected topic. */
  REJECT;

  private final String word = name().toLowerCase(Locale.ROOT).replace('_', '-');

  /** Its name in a policy file, such as {@code keep-first}. */
  public String word() {
    return word;
  }
}
