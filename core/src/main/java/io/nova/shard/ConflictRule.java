package io.nova.shard;

import java.util.Locale;

/** What becomes of an event of the same identity as an admitted one, but with another payload. */
public enum ConflictRule {
  /** It is a duplicate like any other. */
  KEEP_FIRST,
  /** It is admitted beside the first, and its row is marked. */
  KEEP_BOTH,
  /** It is refused to the rejected topic. */
  REJECT;

  private final String word = name().toLowerCase(Locale.ROOT).replace('_', '-');

  /** The name in a policy file, such as {@code keep-first}. */
  public String word() {
    return word;
  }
}
