package io.nova.bench.day;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The processor's time that processes have used, but for the threads of Java's compilers: a job
 * that has just begun compiles for a minute or two, up to a sixth of all time, which one that stays
 * does not pay. Read from Linux's {@code /proc}; elsewhere the whole, as the system tells it.
 */
final class CpuTime {
  private static final Path PROC = Path.of("/proc");

  /** What Linux counts in, as {@code getconf CLK_TCK} has it everywhere. */
  private static final long TICK_NANOS = 10_000_000;

  private CpuTime() {}

  /** Of all of them together, in nanoseconds. */
  static long nanos(List<ProcessHandle> processes) {
    return processes.stream().mapToLong(CpuTime::nanos).sum();
  }

  private static long nanos(ProcessHandle process) {
    long all = process.info().totalCpuDuration().map(time -> time.toNanos()).orElse(0L);
    return all - compilers(PROC.resolve(Long.toString(process.pid())).resolve("task"));
  }

  private static long compilers(Path threads) {
    if (!Files.isDirectory(threads)) {
      return 0;
    }
    long ticks = 0;
    try (DirectoryStream<Path> all = Files.newDirectoryStream(threads)) {
      for (Path thread : all) {
        String stat = stat(thread);
        if (stat.contains("(C1 Compiler") || stat.contains("(C2 Compiler")) {
          // Behind the name, which may hold blanks: user time is the twelfth field, system time
          // next.
          String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
          ticks += Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ticks * TICK_NANOS;
  }

  /** Empty for a thread that has ended meanwhile. */
  private static String stat(Path thread) {
    try {
      return Files.readString(thread.resolve("stat"), UTF_8);
    } catch (IOException ended) {
      return "";
    }
  }
}
