package io.nova.bench;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Cost of a new event in its shard, by dedup window. Sealing and forgetting are included. The peer
 * is a window of ten minutes without the ledger.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "-Xmx2g")
public class WindowBenchmark {
  /** The dedup window in minutes. */
  @Param({"10", "1440"})
  public int windowMinutes;

  /** Whether the shard stores what the ledger needs of each event. */
  @Param({"false", "true"})
  public boolean ledger;

  private DayOfBlocks day;

  /** Fills the shard with two days of events. */
  @Setup(Level.Trial)
  public void fill() {
    day = new DayOfBlocks(Duration.ofMinutes(windowMinutes), ledger);
  }

  /** Prints the size of a fingerprint. */
  @TearDown(Level.Trial)
  public void sizes() {
    System.out.printf(
        Locale.ROOT,
        "window %d min, ledger %b: %.1f bytes of state, %.1f bytes of heap a sealed event%n",
        windowMinutes,
        ledger,
        day.stateBytesPerEvent(),
        day.heapBytesPerEvent());
  }

  /** One new event. */
  @Benchmark
  public Object newEvent() {
    return day.next();
  }
}
