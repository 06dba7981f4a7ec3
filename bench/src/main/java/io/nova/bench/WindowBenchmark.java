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
 * What a new event costs its shard, by dedup window, sealing and forgetting with it. The peer is
 * the window of ten minutes without the ledger.
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

  /** Whether the payload of each event is tracked, as for the ledger. */
  @Param({"false", "true"})
  public boolean ledger;

  private DayOfBlocks day;

  /** Two days go by. */
  @Setup(Level.Trial)
  public void fill() {
    day = new DayOfBlocks(Duration.ofMinutes(windowMinutes), ledger);
  }

  /** Says what a fingerprint takes. */
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
