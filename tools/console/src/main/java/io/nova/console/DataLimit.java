package io.nova.console;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The limit of this process's memory, set with Linux's {@code prlimit}. DuckDB's own limit does not
 * hold for long texts: one {@code repeat} can take many gigabytes. Under this limit such a
 * statement fails, and the process goes on. If Java itself gets no memory at that moment, the
 * process ends, and {@code nova local} starts it again. Elsewhere than on Linux there is no limit.
 */
final class DataLimit {
  private static final Logger LOG = LoggerFactory.getLogger(DataLimit.class);

  /** Stacks of DuckDB's threads, most of which nobody touches. */
  private static final long STACKS_MB = 1_024;

  /** Classes, code, other stacks and allocators. */
  private static final long REST_MB = 1_024;

  private DataLimit() {}

  /** The limit in bytes for a heap and DuckDB's memory. */
  static long bytes(long heapBytes, int duckMb) {
    return heapBytes + ((duckMb + STACKS_MB + REST_MB) << 20);
  }

  /** Limits this process. Without {@code prlimit} it only says so. */
  static void set(long bytes) {
    String pid = Long.toString(ProcessHandle.current().pid());
    String failure = run(List.of("prlimit", "--pid", pid, "--data=" + bytes));
    if (!failure.isEmpty()) {
      LOG.warn("The memory of the console has no limit, since prlimit failed: {}", failure);
    }
  }

  /** Why the command failed; empty if it did not. */
  private static String run(List<String> words) {
    try {
      Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return "it did not end";
      }
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return process.exitValue() == 0 ? "" : output + ", exit code " + process.exitValue();
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }
}
