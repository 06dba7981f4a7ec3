package io.nova.bench.day;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * CPU time of processes without Java's compiler threads. A new job compiles for a minute or two, up
 * to a sixth of its CPU time. A job that runs for days does not pay that.
 *
 * <p>The compilers' share comes from Linux's {@code /proc}. On other systems it is not subtracted.
 */
final class CpuTime {
  private static final Path PROC = Path.of("/proc");

  /** Linux's unit of CPU time, {@code getconf CLK_TCK}: a hundredth of a second. */
  private static final long TICK_NANOS = 10_000_000;

  private CpuTime() {}

  /** Sum over the processes, in nanoseconds. */
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
          // Fields are counted after the name, which may contain blanks. User time is the twelfth,
          // system time the next.
          String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
          ticks += Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ticks * TICK_NANOS;
  }

  /** Empty if the thread has ended. */
  private static String stat(Path thread) {
    try {
      return Files.readString(thread.resolve("stat"), UTF_8);
    } catch (IOException ended) {
      return "";
    }
  }
}
