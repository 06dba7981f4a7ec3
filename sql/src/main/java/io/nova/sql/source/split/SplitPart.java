package io.nova.sql.source.split;

/** What is read: a part of a file, open blocks out of a live view, or what follows for ever. */
public sealed interface SplitPart permits FileRange, LiveRange, Tail {
  /** What an error calls it. */
  String title();
}
