package io.nova.sql.source.aggregate;

import org.apache.flink.table.data.binary.BinaryStringData;
import org.jspecify.annotations.Nullable;

/** The partial results of one group of rows. Each call has one place in the arrays. */
final class PartialGroup {
  final int hash;

  /** Numbers of the group's columns; 0 for texts and nulls. */
  final long[] keyNumbers;

  /** The group's columns as a Flink row has them. */
  final @Nullable Object[] key;

  final long[] numbers;
  final @Nullable BinaryStringData[] texts;

  /** Whether a call has seen a value. */
  final boolean[] present;

  /** A group without rows. */
  PartialGroup(int hash, long[] keyNumbers, @Nullable Object[] key, int calls) {
    this.hash = hash;
    this.keyNumbers = keyNumbers;
    this.key = key;
    this.numbers = new long[calls];
    this.texts = new @Nullable BinaryStringData[calls];
    this.present = new boolean[calls];
  }
}
