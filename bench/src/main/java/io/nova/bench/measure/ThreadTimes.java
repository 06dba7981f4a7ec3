package io.nova.bench.measure;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * CPU time of the threads of some processes since the first look, by groups of like names. A thread
 * that ends keeps what the last look saw of it, so look several times a second. From Linux's {@code
 * /proc}; empty on other systems. Not thread safe.
 */
public final class ThreadTimes {
  private static final Path PROC = Path.of("/proc");

  /** Linux's unit of CPU time, {@code getconf CLK_TCK}: a hundredth of a second. */
  private static final double TICK_MICROS = 10_000;

  private static final Pattern NUMBER = Pattern.compile("[^A-Za-z]+$");

  private final Map<String, Used> threads = new HashMap<>();
  private boolean first = true;

  private record Used(String group, long startTicks, long ticks) {
    Used at(long later) {
      return new Used(group, startTicks, later);
    }
  }

  /** Adds what the threads have used since the last look. */
  public void look(List<ProcessHandle> processes) {
    processes.forEach(process -> look(PROC.resolve(process.pid() + "/task")));
    first = false;
  }

  private void look(Path tasks) {
    if (!Files.isDirectory(tasks)) {
      return;
    }
    try (DirectoryStream<Path> all = Files.newDirectoryStream(tasks)) {
      all.forEach(thread -> note(thread.toString(), stat(thread)));
    } catch (IOException ended) {
      // The process has ended: what was seen of it stays.
    }
  }

  private void note(String thread, String stat) {
    int end = stat.lastIndexOf(')');
    if (end < 0) {
      return;
    }
    // Fields are counted after the name, which may contain blanks. User time is the twelfth.
    String[] fields = stat.substring(end + 2).split(" ", -1);
    long ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    Used known = threads.get(thread);
    String group = group(stat.substring(stat.indexOf('(') + 1, end));
    if (known == null || !known.group().equals(group) && known.startTicks() == known.ticks()) {
      threads.put(thread, new Used(group, first ? ticks : 0, ticks));
    } else {
      threads.put(thread, known.at(ticks));
    }
  }

  /** A name without the number at its end. Linux keeps 15 bytes of a name. */
  static String group(String name) {
    String group = NUMBER.matcher(name).replaceAll("");
    return group.isEmpty() ? name : group;
  }

  private static String stat(Path thread) {
    try {
      return Files.readString(thread.resolve("stat"), UTF_8);
    } catch (IOException ended) {
      return "";
    }
  }

  /** Microseconds by group, without groups that used none. */
  public Map<String, Double> micros() {
    Map<String, Double> groups = new TreeMap<>();
    for (Used used : threads.values()) {
      if (used.ticks() > used.startTicks()) {
        groups.merge(used.group(), (used.ticks() - used.startTicks()) * TICK_MICROS, Double::sum);
      }
    }
    return groups;
  }

  /** Microseconds of all threads. */
  public double total() {
    return micros().values().stream().mapToDouble(Double::doubleValue).sum();
  }
}
