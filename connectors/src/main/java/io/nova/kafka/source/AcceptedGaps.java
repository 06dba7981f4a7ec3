package io.nova.kafka.source;

import java.io.Serial;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The ranges of offsets that the operator gives up: the job may go on without them.
 *
 * @param gaps the ranges
 */
public record AcceptedGaps(List<Gap> gaps) implements Serializable {
  @Serial private static final long serialVersionUID = 1;

  /** No range. */
  public static final AcceptedGaps NONE = new AcceptedGaps(List.of());

  private static final Pattern GAP = Pattern.compile("(\\d{1,9}):(\\d{1,18})-(\\d{1,18})");

  /**
   * A range of offsets of one partition.
   *
   * @param partition number of the partition
   * @param from the first offset that is given up
   * @param to the first offset after those that are given up
   */
  public record Gap(int partition, long from, long to) implements Serializable {
    @Serial private static final long serialVersionUID = 1;

    /** Checks the range. */
    public Gap {
      if (from >= to) {
        throw new IllegalArgumentException("found %d-%d, expected FROM < TO".formatted(from, to));
      }
    }

    @Override
    public String toString() {
      return "%d:%d-%d".formatted(partition, from, to);
    }
  }

  public AcceptedGaps {
    gaps = List.copyOf(gaps);
  }

  /**
   * Reads ranges such as {@code 3:100-111,5:7-9}.
   *
   * @throws IllegalArgumentException if the text has another form
   */
  public static AcceptedGaps parse(String text) {
    List<Gap> gaps = new ArrayList<>();
    for (String part : text.isBlank() ? new String[0] : text.strip().split("\\s*,\\s*", -1)) {
      Matcher gap = GAP.matcher(part);
      if (!gap.matches()) {
        throw new IllegalArgumentException("found '" + part + "'");
      }
      gaps.add(
          new Gap(
              Integer.parseInt(gap.group(1)),
              Long.parseLong(gap.group(2)),
              Long.parseLong(gap.group(3))));
    }
    return new AcceptedGaps(gaps);
  }

  /** Whether the ranges together have every offset of this one. */
  boolean include(Gap lost) {
    List<Gap> ofPartition =
        gaps.stream()
            .filter(gap -> gap.partition == lost.partition)
            .sorted(Comparator.comparingLong(Gap::from))
            .toList();
    long includedTo = lost.from;
    for (Gap gap : ofPartition) {
      if (gap.from <= includedTo) {
        includedTo = Math.max(includedTo, gap.to);
      }
    }
    return lost.to <= includedTo;
  }

  /** In the form that {@link #parse} reads. */
  @Override
  public String toString() {
    return gaps.stream().map(Gap::toString).collect(Collectors.joining(","));
  }
}
