package io.nova.bench.command;

import io.nova.cli.run.JsonLine;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The output of a command: lines of text, and at the end the figures as one line of JSON. */
final class Report {
  private static final long GIB = 1L << 30;

  private final PrintWriter out;
  private final Map<String, Object> figures = new LinkedHashMap<>();

  /** Begins with the machine and the versions. */
  Report(PrintWriter out) {
    this.out = out;
    String machine =
        text(
            "%d cores, %.0f GiB, %s %s, Java %s",
            Runtime.getRuntime().availableProcessors(),
            (double) memoryBytes() / GIB,
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            System.getProperty("java.version"));
    fact("machine", machine);
    fact("versions", Versions.line());
  }

  private static long memoryBytes() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean machine
        ? machine.getTotalMemorySize()
        : 0;
  }

  /** A line of text, as {@link String#format} makes it. */
  void line(String format, Object... values) {
    out.println(text(format, values));
    out.flush();
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /** A line, which is also a member of the JSON object. */
  void fact(String name, String value) {
    line("%-10s %s", name, value);
    figures.put(name, value);
  }

  /** Lines, which are also a member of the JSON object. */
  void facts(String name, List<String> values) {
    line("%s", name);
    values.forEach(value -> line("  %s", value));
    figures.put(name, values);
  }

  /** A member of the JSON object. */
  void figure(String name, Object value) {
    figures.put(name, value instanceof Double number ? rounded(number) : value);
  }

  /** Four digits: a measurement has no more. */
  static double rounded(double value) {
    return value == 0 || !Double.isFinite(value)
        ? 0
        : new java.math.BigDecimal(value, new java.math.MathContext(4)).doubleValue();
  }

  /** The last lines: where the plot is, and the JSON object if it is asked for. */
  void end(Path plot, boolean json) {
    line("plot       %s", plot);
    if (json) {
      line("%s", JsonLine.of(figures));
    }
  }
}
