package io.nova.live.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.nova.live.protocol.BlocksRequest;
import io.nova.live.protocol.LiveException;
import io.nova.live.protocol.LiveJson;
import io.nova.live.protocol.LivePaths;
import io.nova.live.protocol.PinnedView;
import io.nova.live.protocol.RowsRequest;
import io.nova.live.protocol.SubtaskView;
import io.nova.shard.BlockFile;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The handler of complete requests to a live server, independent of the network. Thread safe. */
final class Endpoint {
  private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);
  private static final int LONGEST_QUOTE = 300;

  private final LiveServerOptions options;
  private final SpilledSegments spilled;
  private final PositionRecorder positions;
  private final Leases leases;
  private final SealedFiles sealed;
  private final Executor pins;
  private final ScheduledExecutorService workers;
  private final ReadPace pace;
  private final LongSupplier nanoClock;
  private volatile @Nullable SubtaskView current;

  /**
   * Makes a handler.
   *
   * @param positions records the offsets of each view before a pin of it is answered
   * @param pins one thread for pins, since they wait for the recorder
   * @param workers threads that read rows
   * @param pace slows down the workers
   */
  Endpoint(
      LiveServerOptions options,
      SpilledSegments spilled,
      PositionRecorder positions,
      Executor pins,
      ScheduledExecutorService workers,
      ReadPace pace,
      LongSupplier nanoClock) {
    this.options = options;
    this.spilled = spilled;
    this.positions = positions;
    this.leases = new Leases(options, nanoClock);
    this.sealed = new SealedFiles(options.longestLease().plus(options.lease()), nanoClock);
    this.pins = pins;
    this.workers = workers;
    this.pace = pace;
    this.nanoClock = nanoClock;
  }

  void publish(SubtaskView view) {
    current = view;
  }

  /** Notes a file of blocks that were just sealed. */
  void sealed(long interval, BlockFile file) {
    sealed.add(interval, file);
  }

  /** Ends expired leases; called periodically. */
  void sweep() {
    sealed.forgetOld();
    leases.sweep(current);
  }

  int leases() {
    return leases.size();
  }

  static boolean serves(String path) {
    return path.equals(LivePaths.PIN)
        || path.equals(LivePaths.ROWS)
        || path.equals(LivePaths.BLOCKS)
        || path.equals(LivePaths.RELEASE);
  }

  /** Answers a request to one of the paths on another thread. */
  void answer(String path, byte[] body, Exchange exchange) {
    switch (path) {
      case LivePaths.PIN -> pins.execute(() -> guarded(exchange, () -> pin(body, exchange)));
      case LivePaths.ROWS -> workers.execute(() -> guarded(exchange, () -> rows(body, exchange)));
      case LivePaths.BLOCKS ->
          workers.execute(() -> guarded(exchange, () -> blocks(body, exchange)));
      case LivePaths.RELEASE ->
          workers.execute(() -> guarded(exchange, () -> release(body, exchange)));
      default -> throw new IllegalArgumentException("Not a path of live views: " + path);
    }
  }

  private interface Step {
    void run() throws IOException;
  }

  private static void guarded(Exchange exchange, Step step) {
    try {
      step.run();
    } catch (LiveException e) {
      exchange.refuse(e);
    } catch (IOException | RuntimeException e) {
      LOG.warn("A request to a live view failed", e);
      exchange.refuse(new LiveException(500, "The request failed: " + e.getMessage()));
    }
  }

  private void pin(byte[] body, Exchange exchange) throws IOException {
    String generation = read(body, LiveJson.PinRequest.class).generation();
    SubtaskView view = current;
    if (view == null) {
      throw new LiveException(
          503, "This subtask has not published a view yet: it is starting. Ask again.");
    }
    if (!view.generation().equals(generation)) {
      throw new LiveException(
          409,
          ("The request is for generation %s, this subtask is of %s. Read the table and the "
                  + "announcements again.")
              .formatted(quote(generation), view.generation()));
    }
    try {
      positions.record(view);
    } catch (IOException e) {
      LOG.warn("The offsets of a live view cannot be recorded", e);
      throw new LiveException(
          503,
          "The offsets of this view cannot be recorded, so it is not shown: %s. Ask again."
              .formatted(e.getMessage()));
    }
    exchange.answer(200, LiveJson.write(pinned(leases.pin(view))));
  }

  private PinnedView pinned(Lease lease) {
    SubtaskView view = lease.view();
    return new PinnedView(
        PinnedView.VERSION,
        lease.name(),
        options.lease().toMillis(),
        view.generation(),
        view.shards(),
        view.open().stream()
            .map(b -> new PinnedView.OpenBlock(b.shard(), b.interval(), b.rows(), b.bytes()))
            .toList(),
        view.sealed(),
        view.newest(),
        view.behind(),
        view.checkpointed());
  }

  private void rows(byte[] body, Exchange exchange) throws IOException {
    RowsRequest request = read(body, RowsRequest.class);
    send(leases.use(request.lease()), view -> RowStream.of(view, request, nanoClock), exchange);
  }

  private void blocks(byte[] body, Exchange exchange) throws IOException {
    BlocksRequest request = read(body, BlocksRequest.class);
    send(leases.use(request.lease()), view -> RowStream.of(view, request, nanoClock), exchange);
  }

  private interface Rows {
    RowStream of(SubtaskView view) throws IOException;
  }

  private void send(Lease lease, Rows rows, Exchange exchange) throws IOException {
    RowStream stream;
    try {
      stream = rows.of(lease.view());
    } catch (IllegalArgumentException e) {
      throw new LiveException(400, String.valueOf(e.getMessage()));
    }
    new RowAnswer(leases, lease.name(), stream, spilled, sealed, workers, exchange, pace).run();
  }

  private void release(byte[] body, Exchange exchange) throws IOException {
    leases.release(read(body, LiveJson.ReleaseRequest.class).lease());
    exchange.answer(204, new byte[0]);
  }

  private static <T> T read(byte[] body, Class<T> type) throws LiveException {
    try {
      return LiveJson.read(body, type);
    } catch (IOException e) {
      String problem =
          e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
      throw new LiveException(
          400,
          "The request's body is not a %s in JSON: %s"
              .formatted(type.getSimpleName(), quote(String.valueOf(problem))));
    }
  }

  static String quote(String text) {
    return text.length() <= LONGEST_QUOTE ? text : text.substring(0, LONGEST_QUOTE) + "...";
  }
}
