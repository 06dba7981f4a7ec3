package io.nova.cli.batch;

import io.nova.cli.run.JsonLine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The output of {@code nova batch run}: lines for people, or one JSON object. */
public final class BatchRunLines {
  private BatchRunLines() {}

  /** The lines for people. */
  public static List<String> text(BatchRunResult run) {
    List<String> lines = new ArrayList<>();
    lines.add("batch %s: %s".formatted(run.name(), run.state().title()));
    if (run.rows() != null) {
      lines.add("  rows     %,d, %,d of them late".formatted(run.rows(), run.lateRows()));
    }
    if (run.link() != null) {
      lines.add("  link     " + run.link());
    }
    if (!run.detail().isEmpty()) {
      lines.add("  " + run.detail());
    }
    return lines;
  }

  /** One JSON object; absent values are left out. */
  public static String json(BatchRunResult run) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("batch", run.name());
    object.put("batchNumber", run.batch());
    object.put("state", run.state().title());
    putIfKnown(object, "rows", run.rows());
    putIfKnown(object, "digest", run.digest());
    putIfKnown(object, "link", run.link());
    object.put("lateRows", run.lateRows());
    object.put("detail", run.detail());
    return JsonLine.of(object);
  }

  private static void putIfKnown(Map<String, Object> object, String name, @Nullable Object value) {
    if (value != null) {
      object.put(name, value);
    }
  }
}
