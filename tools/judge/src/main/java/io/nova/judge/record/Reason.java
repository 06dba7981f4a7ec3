package io.nova.judge.record;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The reasons for which the job may reject a message, named as on the rejected topic. */
public enum Reason {
  NULL_VALUE(0),
  EMPTY(1),
  NOT_JSON(2),
  NOT_AN_OBJECT(3),
  DUPLICATE_KEY(4),
  TOO_DEEP(5),
  APP_MISSING(6),
  APP_INVALID(7),
  UPLOAD_TIME_MISSING(8),
  UPLOAD_TIME_INVALID(9),
  IDENTITY_MISSING(10),
  IDENTITY_INVALID(11),
  TOO_LATE(12),
  TOO_EARLY(13),
  UNKNOWN(14),
  BATCH_CLOSED(15),
  HANDED_OFF(16),
  ELEMENTS_MISSING(17),
  ELEMENTS_INVALID(18);

  /** Reasons that depend on the time of arrival, not on the message's bytes alone. */
  public static final long BY_TIME =
      bits(EnumSet.of(TOO_LATE, TOO_EARLY, UNKNOWN, BATCH_CLOSED, HANDED_OFF));

  private static final Map<String, Reason> BY_NAME =
      Arrays.stream(values()).collect(Collectors.toMap(Reason::text, Function.identity()));

  /** The bit of this reason in a set. */
  public final int code;

  Reason(int code) {
    this.code = code;
  }

  /** The reason of a name on the rejected topic; empty when it is unknown. */
  public static Optional<Reason> of(String text) {
    return Optional.ofNullable(BY_NAME.get(text));
  }

  /** The name on the rejected topic. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** A set of reasons as bits. */
  public static long bits(Collection<Reason> reasons) {
    return reasons.stream().mapToLong(reason -> 1L << reason.code).reduce(0, (a, b) -> a | b);
  }

  boolean isIn(long bits) {
    return (bits & 1L << code) != 0;
  }

  /** The reasons of a set of bits, in words. */
  public static String words(long bits) {
    return List.of(values()).stream()
        .filter(reason -> reason.isIn(bits))
        .map(Reason::text)
        .collect(Collectors.joining(" or "));
  }
}
