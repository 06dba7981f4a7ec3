package io.nova.judge;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Rows of a fixed number of 64-bit words, in pages: a row needs no memory beyond its words. For one
 * thread.
 */
final class LongRows {
  private static final int PAGE_ROWS = 1 << 14;
  private static final int SMALL = 32;

  private final int width;
  private final List<long[]> pages = new ArrayList<>();
  private int size;

  LongRows(int width) {
    this.width = width;
  }

  int size() {
    return size;
  }

  /** Appends a row and returns its number, from 0. */
  int add(long... words) {
    if (words.length != width) {
      throw new IllegalArgumentException(
          "A row of %d words: expected %d".formatted(words.length, width));
    }
    if (size % PAGE_ROWS == 0) {
      pages.add(new long[PAGE_ROWS * width]);
    }
    System.arraycopy(words, 0, pages.get(size / PAGE_ROWS), size % PAGE_ROWS * width, width);
    return size++;
  }

  long get(int row, int word) {
    return pages.get(row / PAGE_ROWS)[row % PAGE_ROWS * width + word];
  }

  /**
   * The numbers of all rows, sorted by some words, which compare as signed numbers. The first word
   * should be a hash: rows are first put into buckets by its highest bits. The order is correct in
   * any case; it is fast when the bits are spread evenly.
   */
  int[] sortedBy(int... words) {
    int bits = Math.max(1, 32 - Integer.numberOfLeadingZeros(size));
    int[] starts = new int[(1 << bits) + 1];
    for (int row = 0; row < size; row++) {
      starts[bucket(get(row, words[0]), bits) + 1]++;
    }
    for (int bucket = 1; bucket < starts.length; bucket++) {
      starts[bucket] += starts[bucket - 1];
    }
    int[] order = deal(starts, words[0], bits);
    for (int bucket = 0; bucket < starts.length - 1; bucket++) {
      sort(order, starts[bucket], starts[bucket + 1], words);
    }
    return order;
  }

  private int[] deal(int[] starts, int word, int bits) {
    int[] next = starts.clone();
    int[] order = new int[size];
    for (int row = 0; row < size; row++) {
      order[next[bucket(get(row, word), bits)]++] = row;
    }
    return order;
  }

  /** The bucket of a word. Buckets are in the order of signed numbers. */
  private static int bucket(long value, int bits) {
    return (int) ((value ^ Long.MIN_VALUE) >>> (64 - bits));
  }

  private void sort(int[] order, int from, int to, int[] words) {
    if (to - from > SMALL) {
      Comparator<Integer> byWords = (a, b) -> compare(a, b, words);
      List<Integer> boxed = Arrays.stream(order, from, to).boxed().sorted(byWords).toList();
      for (int i = from; i < to; i++) {
        order[i] = boxed.get(i - from);
      }
      return;
    }
    for (int i = from + 1; i < to; i++) {
      int row = order[i];
      int hole = i;
      while (hole > from && compare(order[hole - 1], row, words) > 0) {
        order[hole] = order[hole - 1];
        hole--;
      }
      order[hole] = row;
    }
  }

  private int compare(int a, int b, int[] words) {
    for (int word : words) {
      int order = Long.compare(get(a, word), get(b, word));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }
}
