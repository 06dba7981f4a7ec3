package io.nova.live.server;

import io.nova.live.protocol.LiveException;
import io.nova.shard.log.Segment;
import io.nova.shard.log.SegmentView;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The answer to one request for rows. Each run on a worker reads one segment, so that answers take
 * turns. While a client is slow, its answer waits without a thread.
 *
 * <p>Runs on one worker at a time.
 */
final class RowAnswer implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(RowAnswer.class);

  /** Longest wait for the task thread to return a spilled segment. */
  private static final long FETCH_SECONDS = 30;

  private final Leases leases;
  private final String lease;
  private final RowStream stream;
  private final SpilledSegments spilled;
  private final SealedFiles sealed;
  private final ScheduledExecutorService workers;
  private final Exchange exchange;
  private final ReadPace pace;
  private @Nullable SealedRows file;
  private long startedNanos;

  RowAnswer(
      Leases leases,
      String lease,
      RowStream stream,
      SpilledSegments spilled,
      SealedFiles sealed,
      ScheduledExecutorService workers,
      Exchange exchange,
      ReadPace pace) {
    this.leases = leases;
    this.lease = lease;
    this.stream = stream;
    this.spilled = spilled;
    this.sealed = sealed;
    this.workers = workers;
    this.exchange = exchange;
    this.pace = pace;
  }

  /** Reads the next segment. Runs on a worker. */
  @Override
  public void run() {
    if (exchange.gone()) {
      return;
    }
    try {
      startedNanos = System.nanoTime();
      leases.use(lease);
      RowStream.Part part = stream.next();
      if (part == null) {
        exchange.endStream(stream.takeEnd());
      } else if (stream.countsOnly()) {
        stream.count(part.segment());
        sendAndContinue();
      } else {
        read(part);
      }
    } catch (IOException | RuntimeException e) {
      fail(e);
    }
  }

  private void read(RowStream.Part part) throws IOException {
    if (part.segment() instanceof SegmentView.Spilled segment) {
      fetch(part, segment);
    } else if (part.segment() instanceof SegmentView.Tail tail) {
      stream.read(tail);
      sendAndContinue();
    } else if (part.segment() instanceof SegmentView.Full full) {
      stream.read(full.stored());
      sendAndContinue();
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // fetched() handles failures
  private void fetch(RowStream.Part part, SegmentView.Spilled segment) {
    CompletableFuture<byte @Nullable []> fetched = spilled.fetch(part.shard(), segment.id());
    Future<?> late =
        workers.schedule(
            () -> fetched.completeExceptionally(new TimeoutException("waited 30 s")),
            FETCH_SECONDS,
            TimeUnit.SECONDS);
    fetched.whenCompleteAsync(
        (stored, failure) -> {
          late.cancel(false);
          fetched(part, segment, stored, failure);
        },
        workers);
  }

  private void fetched(
      RowStream.Part part,
      SegmentView.Spilled segment,
      byte @Nullable [] stored,
      @Nullable Throwable failure) {
    try {
      startedNanos = System.nanoTime();
      if (failure != null) {
        throw new CompletionException(
            "Segment %s of shard %s could not be read from the log"
                .formatted(segment.id(), part.shard()),
            failure);
      }
      if (stored == null || Segment.checksum(stored) != segment.checksum()) {
        readSealed(part, segment);
      } else {
        stream.read(stored);
      }
      sendAndContinue();
    } catch (IOException | RuntimeException e) {
      fail(e);
    }
  }

  /** The block was sealed meanwhile: its file begins with the rows of the view. */
  private void readSealed(RowStream.Part part, SegmentView.Spilled segment) throws IOException {
    long interval = segment.id().interval();
    SealedFiles.Place place =
        sealed
            .find(part.shard(), interval, part.sealedTo())
            .orElseThrow(
                () ->
                    new LiveException(
                        410,
                        ("Lease %s: rows of block %d of shard %d were in the log only, and the "
                                + "log no longer has them. Pin the live view again.")
                            .formatted(lease, interval, part.shard())));
    SealedRows rows = file;
    if (rows == null || part.firstRow() == 0 || !rows.path().equals(place.path())) {
      rows = new SealedRows(place.path());
      file = rows;
    }
    stream.read(rows, place.firstRow() + part.firstRow(), segment.rows());
  }

  private void sendAndContinue() throws IOException {
    byte[] encoded = stream.takeEncoded();
    long pauseNanos = pace.pauseNanos(System.nanoTime() - startedNanos);
    if (encoded.length == 0) {
      continueAfter(pauseNanos);
    } else {
      exchange.stream(encoded, () -> continueAfter(pauseNanos));
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // run() handles failures
  private void continueAfter(long pauseNanos) {
    if (pauseNanos > 0) {
      workers.schedule(this, pauseNanos, TimeUnit.NANOSECONDS);
    } else {
      workers.execute(this);
    }
  }

  private void fail(Exception e) {
    if (e instanceof LiveException refusal) {
      LOG.info("An answer with rows breaks off: {}", refusal.getMessage());
      exchange.refuse(refusal);
    } else {
      LOG.warn("An answer with rows breaks off, lease {}", lease, e);
      exchange.refuse(new LiveException(500, "Rows cannot be read: " + e.getMessage()));
    }
  }
}
