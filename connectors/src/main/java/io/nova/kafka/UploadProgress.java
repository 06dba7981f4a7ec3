package io.nova.kafka;

import io.nova.event.Micros;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * The progress of upload time in a Kafka partition: a function of the events up to a place in the
 * partition. It decides what is too late, so it lags rather than follow a wrong clock.
 *
 * <p>Events form groups. A group ends with its thousandth event, or when it has five events and the
 * middle half of its upload times spans ten minutes. Its candidate is its lower quartile. Progress
 * is the greatest candidate so far, so a partition of ten events an hour lags about an hour.
 *
 * <p>A step of more than two hours needs evidence: all further groups have to confirm it, until an
 * hour of upload time and an hour of record time lie between the first group and the last. So a
 * collector that buffers for hours and sends at once gives none. The first candidate needs the hour
 * of upload time only. docs/internals/model/progress_model.py shows what each of these rules
 * prevents.
 *
 * <p>Not thread safe.
 */
public final class UploadProgress {
  /** A greater step needs evidence. In microseconds. */
  public static final long STEP_MICROS = 2 * 3_600_000_000L;

  private static final long EVIDENCE_MICROS = 3_600_000_000L;
  private static final long SPREAD_MICROS = 600_000_000L;
  private static final int FEWEST = 5;
  private static final int MOST = 1000;

  private final long notAfterMicros;
  private long[] group = new long[FEWEST];
  private long[] records = new long[FEWEST];
  private int count;
  private int nextLook = FEWEST;
  private long reachedMicros = Micros.UNKNOWN;

  /** The last candidate of a step that needs evidence; unknown where there is none. */
  private long candidateMicros = Micros.UNKNOWN;

  /** The end of the first group that has confirmed the step: the least upper quartile so far. */
  private long confirmedFromMicros;

  private long confirmedFromRecordMicros;

  /**
   * The progress of a partition of which nothing was read.
   *
   * @param notAfterMicros the greatest progress that is possible, microseconds since 1970
   */
  public UploadProgress(long notAfterMicros) {
    this.notAfterMicros = notAfterMicros;
  }

  /**
   * Notes the next event.
   *
   * @param uploadMicros its upload time, microseconds since 1970
   * @param recordMicros the time of its Kafka record, microseconds since 1970; its upload time
   *     where the record has none
   */
  public void read(long uploadMicros, long recordMicros) {
    if (count == group.length) {
      group = Arrays.copyOf(group, Math.min(2 * count, MOST));
      records = Arrays.copyOf(records, group.length);
    }
    group[count] = uploadMicros;
    records[count++] = recordMicros;
    if (count == MOST || count == nextLook) {
      endGroupIfWide();
    }
  }

  private void endGroupIfWide() {
    long[] sorted = sorted(group);
    long lower = lower(sorted);
    long upper = upper(sorted);
    if (count == MOST || upper - lower >= SPREAD_MICROS) {
      take(Math.min(lower, notAfterMicros), upper);
      count = 0;
      nextLook = FEWEST;
    } else {
      nextLook = count + count / 2;
    }
  }

  private long[] sorted(long[] times) {
    long[] sorted = Arrays.copyOf(times, count);
    Arrays.sort(sorted);
    return sorted;
  }

  private static long lower(long[] sorted) {
    return sorted[(sorted.length - 1) / 4];
  }

  private static long upper(long[] sorted) {
    return sorted[3 * (sorted.length - 1) / 4];
  }

  private void take(long candidate, long upper) {
    if (reachedMicros != Micros.UNKNOWN && candidate - reachedMicros <= STEP_MICROS) {
      reachedMicros = Math.max(reachedMicros, candidate);
      candidateMicros = Micros.UNKNOWN;
    } else {
      step(candidate, upper);
    }
  }

  private void step(long candidate, long upper) {
    long[] sortedRecords = sorted(records);
    boolean begins = candidateMicros == Micros.UNKNOWN;
    long previous = begins ? candidate : candidateMicros;
    long upperRecord = upper(sortedRecords);
    candidateMicros = candidate;
    confirmedFromMicros = begins ? upper : Math.min(confirmedFromMicros, upper);
    confirmedFromRecordMicros =
        begins ? upperRecord : Math.min(confirmedFromRecordMicros, upperRecord);
    if (candidate - confirmedFromMicros >= EVIDENCE_MICROS
        && (reachedMicros == Micros.UNKNOWN
            || lower(sortedRecords) - confirmedFromRecordMicros >= EVIDENCE_MICROS)) {
      reachedMicros = Math.min(previous, candidate);
      candidateMicros = Micros.UNKNOWN;
    }
  }

  /** The upload time reached, microseconds since 1970; {@link Micros#UNKNOWN} before evidence. */
  public long reachedMicros() {
    return reachedMicros;
  }

  /** Writes it, for a checkpoint. */
  void write(DataOutput out) throws IOException {
    out.writeLong(reachedMicros);
    out.writeLong(candidateMicros);
    out.writeLong(confirmedFromMicros);
    out.writeLong(confirmedFromRecordMicros);
    out.writeInt(count);
    for (int i = 0; i < count; i++) {
      out.writeLong(group[i]);
      out.writeLong(records[i]);
    }
  }

  /**
   * Reads it as it was written. Where it is after {@code notAfterMicros}, it becomes that, and its
   * group begins anew.
   */
  static UploadProgress read(DataInput in, long notAfterMicros) throws IOException {
    UploadProgress progress = new UploadProgress(notAfterMicros);
    long reached = in.readLong();
    long candidate = in.readLong();
    long confirmedFrom = in.readLong();
    long confirmedFromRecord = in.readLong();
    for (int i = in.readInt(); i > 0; i--) {
      progress.read(in.readLong(), in.readLong());
    }
    if (reached > notAfterMicros) {
      progress = new UploadProgress(notAfterMicros);
      progress.reachedMicros = notAfterMicros;
    } else {
      progress.reachedMicros = reached;
      progress.candidateMicros = candidate;
      progress.confirmedFromMicros = confirmedFrom;
      progress.confirmedFromRecordMicros = confirmedFromRecord;
    }
    return progress;
  }
}
