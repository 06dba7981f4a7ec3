package io.nova.sql.table;

/**
 * Tells which rule of Flink's planner offers aggregates to a source.
 *
 * <p>Since FLINK-33691, and in Flink 2.3, the rules for a projection between aggregate and scan
 * ({@code PushLocal...Agg...Calc...IntoScanRule}) ignore the projection if all functions count.
 * They offer {@code GROUP BY UPPER(city)} as {@code GROUP BY city}, and {@code COUNT(NULLIF(a, b))}
 * as {@code COUNT(a)}. Nothing in the offer differs, since a projection may reuse names. Only the
 * caller does.
 */
final class PlannerRules {
  private static final String RULES = "PushLocal";
  private static final String WITH_PROJECTION = "Calc";

  private PlannerRules() {}

  /** Whether the rule that is running ignores a projection between aggregate and scan. */
  static boolean ignoresProjection() {
    return StackWalker.getInstance()
        .walk(frames -> frames.anyMatch(frame -> named(frame.getClassName())));
  }

  private static boolean named(String rule) {
    return rule.contains(RULES) && rule.contains(WITH_PROJECTION);
  }
}
