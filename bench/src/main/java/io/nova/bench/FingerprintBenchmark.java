package io.nova.bench;

import io.nova.event.identity.Fingerprint;
import io.nova.shard.fingerprint.CopySearch;
import io.nova.shard.fingerprint.FingerprintSet;
import io.nova.shard.fingerprint.PackedFingerprints;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Cost of a lookup among a million fingerprints. The peer is a {@link HashSet} of records. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "-Xmx2g")
public class FingerprintBenchmark {
  private static final int COUNT = 1 << 20;

  private final long[] words = new Random(1).longs(2L * COUNT).toArray();
  private final FingerprintSet open = new FingerprintSet();
  private final Set<Fingerprint> peer = new HashSet<>();
  private final PackedFingerprints packed;
  private final CopySearch search = new CopySearch();
  private int next;

  /** Fills the three structures with the same fingerprints. */
  public FingerprintBenchmark() {
    for (int i = 0; i < COUNT; i++) {
      open.add(words[2 * i], words[2 * i + 1]);
      peer.add(new Fingerprint(words[2 * i], words[2 * i + 1]));
    }
    packed = PackedFingerprints.of(open);
  }

  private int step() {
    next = (next + 7919) & (COUNT - 1);
    return 2 * next;
  }

  private CopySearch search() {
    int at = step();
    return search.begin(words[at], words[at + 1], false, 0);
  }

  /** Peer: a set of Java. */
  @Benchmark
  public boolean hashSet() {
    int at = step();
    return peer.contains(new Fingerprint(words[at], words[at + 1]));
  }

  /** The set of an open block. */
  @Benchmark
  public boolean openBlock() {
    return open.look(search(), 0);
  }

  /** The packed fingerprints of a sealed block. */
  @Benchmark
  public boolean sealedBlock() {
    return packed.look(search(), 0);
  }
}
