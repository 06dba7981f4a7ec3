package io.nova.sql.live;

import io.nova.live.Announcement;
import io.nova.live.Announcements;
import io.nova.live.LiveClient;
import io.nova.sql.live.LiveViews.Answer.Pinned;
import io.nova.sql.live.LiveViews.Answer.Refused;
import io.nova.table.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The live views that a job's subtasks announce below the table and serve over HTTP. */
public final class ServedViews implements LiveViews {

  private static final Logger LOG = LoggerFactory.getLogger(ServedViews.class);

  /** Pins under way at once. */
  private static final int AT_ONCE = 16;

  private final LiveClient client;

  /** Views that this client asks for. */
  public ServedViews(LiveClient client) {
    this.client = client;
  }

  @Override
  public List<Announcement> announced(String tableLocation, String generation) throws IOException {
    return new Announcements(tableLocation, Storage.configuration()).read(generation);
  }

  @Override
  public List<Answer> pin(List<Announcement> subtasks) {
    if (subtasks.isEmpty()) {
      return List.of();
    }
    var threads = Executors.newFixedThreadPool(Math.min(AT_ONCE, subtasks.size()));
    try {
      return pin(subtasks, threads);
    } finally {
      threads.shutdown();
    }
  }

  private List<Answer> pin(List<Announcement> subtasks, ExecutorService threads) {
    var pending = new ArrayList<Future<Answer>>();
    subtasks.forEach(subtask -> pending.add(threads.submit(() -> pin(subtask))));
    return pending.stream().map(ServedViews::answer).toList();
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

  private static Answer answer(Future<Answer> pending) {
    try {
      return pending.get();
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      return new Refused("the query has ended");
    } catch (ExecutionException bug) {
      throw new IllegalStateException(bug.getCause());
    }
  }

  @Override
  public void renew(Announcement subtask, String lease) {
    try {
      client.renew(subtask, lease);
    } catch (IOException lost) {
      LOG.warn("{}: lease {} was not renewed: {}", subtask, lease, lost.getMessage());
    }
  }

  @Override
  public void release(Announcement subtask, String lease) {
    try {
      client.release(subtask, lease);
    } catch (IOException expires) {
      LOG.debug("{}: lease {} was not given back: {}", subtask, lease, expires.getMessage());
    }
  }
}
