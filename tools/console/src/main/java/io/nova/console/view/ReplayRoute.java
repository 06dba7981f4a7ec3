package io.nova.console.view;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.nova.cli.process.CommandException;
import io.nova.console.chart.FormException;
import io.nova.console.chart.FormReader;
import io.nova.console.server.Reply;
import io.nova.console.server.Request;
import io.nova.console.server.Route;
import io.nova.workload.input.ProgressListener;
import io.nova.workload.replay.RejectedSelection;
import io.nova.workload.replay.Replay;
import io.nova.workload.replay.ReplayPlan;
import io.nova.workload.send.SendReport;
import io.nova.workload.topic.Brokers;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;

/**
 * Sends rejected messages to their topic again: {@code POST /api/replay}. One replay runs at a
 * time. Thread-safe.
 *
 * <p>The body is an object with {@code reasons}, {@code from}, {@code to} and {@code dryRun}. Each
 * may be missing. Another key, or a value of another type, sends nothing: a form that is wrong must
 * not replay everything.
 *
 * <p>Without a change allowed, only a dry run is answered.
 */
public final class ReplayRoute implements Route {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private record Order(RejectedSelection selection, boolean isDryRun) {
    static Order read(FormReader form) {
      return new Order(
          new RejectedSelection(
              Set.copyOf(form.textsUnlessMissing("reasons")),
              form.optionalInstant("from").orElse(Instant.MIN),
              form.optionalInstant("to").orElse(Instant.MAX)),
          form.flag("dryRun", false));
    }
  }

  private final Supplier<Brokers> brokers;
  private final Supplier<String> rejectedTopic;
  private final boolean allowChanges;
  private final ReentrantLock running = new ReentrantLock();

  /**
   * Replays what a topic holds.
   *
   * @param brokers may throw a {@link CommandException} if none is known
   * @param allowChanges whether messages may be sent
   */
  public ReplayRoute(
      Supplier<Brokers> brokers, Supplier<String> rejectedTopic, boolean allowChanges) {
    this.brokers = brokers;
    this.rejectedTopic = rejectedTopic;
    this.allowChanges = allowChanges;
  }

  @Override
  public Reply handle(Request request) throws IOException {
    Order order;
    try {
      order = FormReader.read(JSON.readTree(request.body()), "", Order::read);
    } catch (JsonProcessingException e) {
      return Reply.error(
          400, "The body is no JSON: %s. Nothing was sent.".formatted(e.getOriginalMessage()));
    } catch (FormException | IllegalArgumentException e) {
      return Reply.error(400, "%s Nothing was sent.".formatted(e.getMessage()));
    }
    if (!order.isDryRun() && !allowChanges) {
      return Reply.error(
          403,
          "This console is read only: found a replay, expected a dry run. Nothing was sent. Start it"
              + " with --allow-changes.");
    }
    if (!running.tryLock()) {
      return Reply.error(409, "Another replay runs. Nothing was sent. Wait for its end.");
    }
    try {
      return replay(order.selection(), order.isDryRun());
    } catch (CommandException e) {
      return Reply.error(503, String.valueOf(e.getMessage()));
    } catch (KafkaException e) {
      return Reply.error(503, "The replay ended early: %s".formatted(e.getMessage()));
    } finally {
      running.unlock();
    }
  }

  private Reply replay(RejectedSelection selection, boolean isDryRun) {
    Replay replay = new Replay(brokers.get(), rejectedTopic.get(), selection);
    ReplayPlan plan = replay.plan(ProgressListener.NONE);
    List<SendReport> reports = new ArrayList<>();
    if (!isDryRun) {
      plan.messages()
          .forEach((topic, count) -> reports.add(replay.send(topic, count, ProgressListener.NONE)));
    }
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("rejected", plan.rejected());
    object.put("unreadable", plan.unreadable());
    object.put("chosen", plan.chosen());
    object.put("messages", plan.messages());
    object.put("sent", reports.stream().mapToLong(SendReport::sent).sum());
    object.put("failed", reports.stream().mapToLong(SendReport::failed).sum());
    object.put("dryRun", isDryRun);
    return Reply.json(object);
  }
}
