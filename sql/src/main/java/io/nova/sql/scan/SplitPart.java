package io.nova.sql.scan;

/** What one cursor reads: a part of a file, or open blocks out of a live view. */
sealed interface SplitPart permits FileRange, LiveRange {

  /** What an error calls it. */
  String title();
}
