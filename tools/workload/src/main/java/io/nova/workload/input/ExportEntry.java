package io.nova.workload.input;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of a file in Amplitude's export zip, {@code <app>/<app>_yyyy-MM-dd_H#N.json.gz}. Names
 * sort by date, hour and number; hour and number compare as numbers. Names of another shape sort
 * after these, alphabetically. Upper and lower case of an ending do not matter.
 *
 * @param name the whole name
 * @param place the place of the entry in the archive's directory, from 0
 * @param date {@code yyyy-MM-dd}, or {@code ~} for another shape
 * @param hour the hour of the date, or 0 for another shape
 * @param number the number of the file within its hour, or 0 for another shape
 */
record ExportEntry(String name, int place, String date, int hour, int number)
    implements Comparable<ExportEntry> {
  private static final Pattern SHAPE =
      Pattern.compile(
          "(?is)(?:.*/)?[^/]*_(\\d{4}-\\d{2}-\\d{2})_(\\d{1,2})#(\\d{1,9})\\.json(?:\\.gz)?");
  private static final Pattern LINES = Pattern.compile("(?is).*\\.(?:jsonl?|ndjson)(?:\\.gz)?");
  private static final Comparator<ExportEntry> ORDER =
      Comparator.comparing(ExportEntry::date)
          .thenComparingInt(ExportEntry::hour)
          .thenComparingInt(ExportEntry::number)
          .thenComparing(ExportEntry::name)
          .thenComparingInt(ExportEntry::place);

  /** Parses a name; null when its ending is not that of JSON lines. */
  static @Nullable ExportEntry of(String name, int place) {
    Matcher match = SHAPE.matcher(name);
    if (match.matches()) {
      return new ExportEntry(
          name,
          place,
          match.group(1),
          Integer.parseInt(match.group(2)),
          Integer.parseInt(match.group(3)));
    }
    return LINES.matcher(name).matches() ? new ExportEntry(name, place, "~", 0, 0) : null;
  }

  @Override
  public int compareTo(ExportEntry other) {
    return ORDER.compare(this, other);
  }
}
