package io.nova.live.cut;

import io.nova.iceberg.Storage;
import io.nova.live.client.LiveClient;
import io.nova.live.cut.Cut.View;
import io.nova.live.cut.LiveViews.Answer.Pinned;
import io.nova.live.cut.LiveViews.Answer.Refused;
import io.nova.live.protocol.Announcement;
import io.nova.live.protocol.Announcements;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The live views that the job's subtasks announce below the table and serve over HTTP. Thread-safe.
 */
public final class ServedViews implements LiveViews {
  private static final Logger LOG = LoggerFactory.getLogger(ServedViews.class);

  /** Concurrent requests. Each of them may take up to the client's timeout. */
  private static final int CONCURRENT_REQUESTS = 16;

  private final LiveClient client;

  /** The views that this client requests. */
  public ServedViews(LiveClient client) {
    this.client = client;
  }

  @Override
  public List<Announcement> announced(String tableLocation, String generation) throws IOException {
    return new Announcements(tableLocation, Storage.configuration()).read(generation);
  }

  @Override
  public List<Answer> pin(List<Announcement> subtasks) {
    return concurrently(subtasks, this::pin).stream()
        .map(pending -> answer(pending).orElseGet(() -> new Refused("the query has ended")))
        .toList();
  }

  /** Sends a request for each of these in threads of this call. */
  private static <T, R> List<Future<R>> concurrently(List<T> targets, Function<T, R> request) {
    if (targets.isEmpty()) {
      return List.of();
    }
    ExecutorService threads =
        Executors.newFixedThreadPool(
            Math.min(CONCURRENT_REQUESTS, targets.size()),
            task -> {
              Thread thread = new Thread(task, "nova-live-views");
              thread.setDaemon(true);
              return thread;
            });
    try {
      return targets.stream().map(one -> threads.submit(() -> request.apply(one))).toList();
    } finally {
      threads.shutdown();
    }
  }

  /** The answer; empty if the caller is interrupted. The request then continues. */
  private static <R> Optional<R> answer(Future<R> pending) {
    try {
      return Optional.of(pending.get());
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException bug) {
      throw new IllegalStateException(bug.getCause());
    }
  }

  private Answer pin(Announcement subtask) {
    try {
      return new Pinned(client.pin(subtask));
    } catch (IOException refused) {
      return new Refused(sentence(String.valueOf(refused.getMessage())));
    }
  }

  private static String sentence(String message) {
    return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
  }

  @Override
  public void renew(List<View> pinned) {
    concurrently(pinned, this::renew).forEach(ServedViews::answer);
  }

  private boolean renew(View view) {
    try {
      client.renew(view.subtask(), view.pinned().lease());
      return true;
    } catch (IOException lost) {
      LOG.warn("Lease {} was not renewed: {}", view.pinned().lease(), lost.getMessage());
      return false;
    }
  }

  @Override
  public void release(List<View> pinned) {
    concurrently(pinned, this::release).forEach(ServedViews::answer);
  }

  private boolean release(View view) {
    try {
      client.release(view.subtask(), view.pinned().lease());
      return true;
    } catch (IOException expires) {
      LOG.debug("Lease {} was not released: {}", view.pinned().lease(), expires.getMessage());
      return false;
    }
  }
}
