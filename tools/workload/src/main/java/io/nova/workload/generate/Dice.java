package io.nova.workload.generate;

/**
 * A random source whose numbers depend only on its seed words: SplitMix64 (Steele, Lea, Flood: Fast
 * splittable pseudorandom number generators, 2014). Each visit, person and delivery has its own
 * dice, so each can be generated again without the others. For one thread.
 */
final class Dice {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private long state;

  private Dice(long state) {
    this.state = state;
  }

  /** The same numbers for the same words. */
  static Dice of(long seed, Purpose purpose, long... words) {
    long state = mix(seed + GOLDEN) ^ mix(purpose.code * GOLDEN);
    for (long word : words) {
      state = mix(state * 31 + word + GOLDEN);
    }
    return new Dice(state);
  }

  /** What dice are for. Different purposes have different numbers. */
  enum Purpose {
    PERSON(1),
    VISIT(2),
    EVENT(3),
    DELIVERY(4),
    BAD_RECORD(5);

    private final long code;

    Purpose(long code) {
      this.code = code;
    }
  }

  long next() {
    state += GOLDEN;
    return mix(state);
  }

  /** A number from 0 to {@code bound - 1}. */
  int below(int bound) {
    return (int) (((next() >>> 33) * bound) >>> 31);
  }

  /** A number from {@code low} to {@code high}, both included. */
  long between(long low, long high) {
    return low + Math.floorMod(next(), high - low + 1);
  }

  /** A number from 0 (included) to 1 (excluded). */
  double fraction() {
    return (next() >>> 11) * 0x1.0p-53;
  }

  /** True {@code times} times in a million. */
  boolean oftenInMillion(int times) {
    return below(1_000_000) < times;
  }

  <T> T pick(T[] choices) {
    return choices[below(choices.length)];
  }

  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
