package io.nova.cli.batch;

import io.nova.cli.process.CommandException;
import io.nova.cli.run.JobOptions;
import io.nova.cli.sql.SqlGateway;
import io.nova.handoff.AuditFigures;
import io.nova.handoff.BatchName;
import io.nova.handoff.BatchRequest;
import io.nova.iceberg.CatalogAddress;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.commit.ClosedBatch;
import io.nova.iceberg.commit.TagRows;
import io.nova.kafka.batches.client.BatchAudit;
import io.nova.kafka.batches.client.BatchClient;
import io.nova.kafka.batches.client.BatchResult;
import io.nova.kafka.batches.client.BatchResult.State;
import io.nova.kafka.batches.client.LateEvent;
import io.nova.kafka.batches.client.LateEvents;
import io.nova.kafka.batches.client.LateRow;
import io.nova.kafka.batches.client.RequestTopic;
import io.nova.kafka.batches.client.RequestTopicException;
import io.nova.kafka.batches.client.TableBatches;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The reference batch layer: it loads a closed batch into {@code nova.batch_events}, compares it
 * with the batch's audit, and completes the batch.
 *
 * <p>It reads the snapshot of the batch's tag, and the late events of the batch. {@code
 * sql/scripts/batch-day.sql} replaces the batch's partition in one commit. A run may be repeated at
 * any time: it writes the same rows, and the late events that came meanwhile. Runs of one warehouse
 * must not overlap. For one thread.
 */
public final class BatchRun {
  private static final Path SCRIPT =
      Path.of(System.getProperty("nova.home", ""), "sql/scripts/batch-day.sql");

  private final SqlGateway sql;
  private final CatalogAddress catalog;
  private final RequestTopic requests;
  private final LateEvents lateEvents;
  private final JobOptions jobOptions;
  private final Duration wait;
  private final boolean addsLateEvents;

  /**
   * A batch layer beside a job, which adds late events.
   *
   * @param sql a gateway whose Flink has the SQL jar and Iceberg's sink
   * @param catalog the job's catalog
   * @param requests the job's topic of requests
   * @param lateEvents the job's rejected messages
   * @param jobOptions the job's options: mapping, policy file and dedup window are used
   * @param wait how long to wait for the job's decision on the completion
   */
  public BatchRun(
      SqlGateway sql,
      CatalogAddress catalog,
      RequestTopic requests,
      LateEvents lateEvents,
      JobOptions jobOptions,
      Duration wait) {
    this(sql, catalog, requests, lateEvents, jobOptions, wait, true);
  }

  private BatchRun(
      SqlGateway sql,
      CatalogAddress catalog,
      RequestTopic requests,
      LateEvents lateEvents,
      JobOptions jobOptions,
      Duration wait,
      boolean addsLateEvents) {
    this.sql = sql;
    this.catalog = catalog;
    this.requests = requests;
    this.lateEvents = lateEvents;
    this.jobOptions = jobOptions;
    this.wait = wait;
    this.addsLateEvents = addsLateEvents;
  }

  /**
   * The same batch layer, which does not read the rejected topic. Late events that an earlier run
   * has added stay.
   */
  public BatchRun withoutLateEvents() {
    return new BatchRun(sql, catalog, requests, lateEvents, jobOptions, wait, false);
  }

  /**
   * Loads a batch and completes it.
   *
   * @param batch its number
   * @param progress receives a line for each step
   * @throws CommandException if the batch is not closed, an earlier one is not completed, a
   *     statement fails, or the rows are not those of the tag. The batch is not completed then
   */
  public BatchRunResult run(long batch, Consumer<String> progress) {
    EventTable events =
        EventTable.find(catalog)
            .orElseThrow(
                () ->
                    new CommandException(
                        "Warehouse %s has no table nova.events. The job makes it when it starts. Nothing was done."
                            .formatted(catalog.warehouse())));
    String name = BatchName.of(batch, events.rules().batchLength());
    TableBatches batches = TableBatches.of(events.iceberg());
    try {
      if (!new TagRows(events.iceberg(), batch).exist()) {
        return withoutTag(events, batch, name, batches);
      }
      requireNext(batch, name, batches, events.rules().batchLength());
      return load(new PinnedBatch(events, batch), progress);
    } catch (RequestTopicException | IllegalArgumentException e) {
      throw new CommandException(String.valueOf(e.getMessage()), e);
    }
  }

  private BatchRunResult withoutTag(
      EventTable events, long batch, String name, TableBatches batches) {
    String link = batches.link(batch).orElse(null);
    if (batches.handoff().isCompleted(batch)) {
      return new BatchRunResult(
          name,
          batch,
          State.COMPLETED,
          null,
          null,
          link,
          0,
          "The batch was completed before, and its tag is gone. Nothing was done.");
    }
    if (batches.isClosed(batch)) {
      mustHaveNoLateEvent(events, batch, name);
      return new BatchRunResult(
          name,
          batch,
          State.CLOSED,
          null,
          null,
          link,
          0,
          "The batch had no event when a later one was closed, so it has no tag to load and to"
              + " complete. Nothing was done.");
    }
    throw new CommandException(
        "Batch %s is not closed, so its rows are not final. Wait until it closes by itself, or ask for it: nova batch close %s. Nothing was done."
            .formatted(name, name));
  }

  private void mustHaveNoLateEvent(EventTable events, long batch, String name) {
    int late = addsLateEvents ? lateEvents.of(batch, events).size() : 0;
    if (late > 0) {
      throw new CommandException(
          "Batch %s had no event when a later one was closed, so it has no tag. It has %,d late events, which a run cannot add. Load them from nova batch late %s --json. Nothing was done."
              .formatted(name, late, name));
    }
  }

  /** The job would refuse the completion, after all the work. */
  private static void requireNext(long batch, String name, TableBatches batches, Duration length) {
    Optional<ClosedBatch> next = batches.closed().next(batches.handoff().completed());
    if (next.isPresent() && next.get().batch() < batch) {
      String first = BatchName.of(next.get().batch(), length);
      throw new CommandException(
          "Batch %s comes after batch %s, which is not completed. Run that one first: nova batch run %s. Nothing was done."
              .formatted(name, first, first));
    }
  }

  private BatchRunResult load(PinnedBatch pinned, Consumer<String> progress) {
    String link = pinned.link();
    BatchAudit.Result tagged = pinned.audit();
    progress.accept(
        "tag %s of link %s has %,d rows".formatted(pinned.tag(), link, tagged.total().rows()));
    List<LateRow> late = addsLateEvents ? lateRows(pinned, progress) : null;
    BatchLoad load = new BatchLoad(pinned, catalog, SCRIPT);
    progress.accept("the SQL gateway replaces the batch in nova.batch_events");
    load.write(sql, late, tagged.total().rows());
    AuditFigures written = load.audit(tagged, late == null ? null : late.size()).total();
    progress.accept("audit: %,d rows, digest %s".formatted(written.rows(), written.digest()));
    BatchResult result = complete(pinned, link, tagged.total());
    return new BatchRunResult(
        pinned.name(),
        pinned.batch(),
        result.state(),
        written.rows(),
        written.digest(),
        link,
        (int) (written.rows() - tagged.total().rows()),
        result.detail());
  }

  private List<LateRow> lateRows(PinnedBatch pinned, Consumer<String> progress) {
    List<LateEvent> found = lateEvents.of(pinned.batch(), pinned.events());
    new StoredLateRows(pinned, catalog).mustBeAmong(found);
    List<LateEvent> known = found.stream().filter(late -> late.original() != null).toList();
    if (!known.isEmpty()) {
      jobOptions.mustReadJson(
          "Late events are read in JSON only. With --without-late the batch is loaded without them."
              + " Nothing was done.");
    }
    List<LateRow> chosen =
        new LateRows(pinned, catalog, JobRules.reader(pinned.events().rules(), jobOptions))
            .choose(known);
    progress.accept("late events: %,d found, %,d added".formatted(found.size(), chosen.size()));
    found.stream()
        .filter(late -> late.original() == null)
        .forEach(late -> progress.accept(withoutBytes(late)));
    return chosen;
  }

  private static String withoutBytes(LateEvent late) {
    return "late event not added: the rejected topic has no bytes of the message at %s-%d, offset %d"
        .formatted(late.topic(), late.partition(), late.offset());
  }

  /** The job compares the figures with those of the tag, which has no late events. */
  private BatchResult complete(PinnedBatch pinned, String link, AuditFigures tagged) {
    EventTable newest = EventTable.find(catalog).orElseThrow();
    BatchRequest request =
        BatchRequest.complete(
            pinned.batch(),
            link,
            tagged,
            "nova batch run of " + System.getProperty("user.name", "unknown"),
            System.currentTimeMillis());
    return new BatchClient(newest, requests).ask(request, wait);
  }
}
