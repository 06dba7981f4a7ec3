package io.nova.cli;

import io.nova.cli.cluster.RunFile;
import io.nova.cli.process.CommandException;
import io.nova.cli.process.WorkFolder;
import io.nova.cli.run.JobOptions;
import io.nova.cli.run.JsonLine;
import io.nova.cli.run.Meter;
import io.nova.cli.run.ProgressDisplay;
import io.nova.cli.run.UnreadFiles;
import io.nova.judge.Judge;
import io.nova.judge.JudgeRequest;
import io.nova.judge.Verdict;
import io.nova.workload.input.Messages;
import io.nova.workload.input.MessagesThen;
import io.nova.workload.input.MessagesUpTo;
import io.nova.workload.replay.Replay;
import io.nova.workload.send.Sender;
import io.nova.workload.topic.Brokers;
import io.nova.workload.topic.TopicMessages;
import io.nova.workload.topic.TopicRecords;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Compares the sent messages with the table and the rejected topic. */
@Command(
    name = "verify",
    description = {
      "Compares the sent messages, one by one, with the table and the rejected topic.",
      "Messages that `nova replay-rejected` has sent to the topic count as sent, too.",
      "The job must be at rest: events of open blocks are not in the table yet, and count as"
          + " missing. Messages after the offsets of the job's consumer group are counted"
          + " separately."
    },
    footer = {
      "",
      "Exit codes: 0 every event is there exactly once, 1 it is not, a file was left out or every"
          + " message was rejected, 2 wrong usage or nothing to compare with."
    },
    mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
  private static final int NOT_JUDGED = 2;

  @Mixin private MessageOptions messages = new MessageOptions();
  @Mixin private BrokerOption broker = new BrokerOption();
  @Mixin private EventsTopicOption events = new EventsTopicOption();
  @Mixin private RejectedTopicOption rejected = new RejectedTopicOption();
  @Mixin private MappingOption mapping = new MappingOption();

  @Option(
      names = "--warehouse",
      paramLabel = "FOLDER",
      description = "The warehouse (default: that of the last run in the working folder).")
  private String warehouse = "";

  @Option(
      names = "--max-message-bytes",
      paramLabel = "N",
      description =
          "Longer messages are left out, because they failed at the broker (default: 16777128).")
  private int maxMessageBytes = Sender.MAX_VALUE_BYTES;

  @Option(
      names = {"-o", "--option"},
      paramLabel = "NAME=VALUE",
      description =
          "An option with which the job was started: nova.dedup.window, nova.block.interval,"
              + " nova.batch.length, nova.mapping or nova.kafka.group-id. May be repeated.")
  private Map<String, String> jobOptions = Map.of();

  @Option(names = "--json", description = "The last line of output is one JSON object.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    Messages named = messages.in(spec);
    MessagesUpTo sent = new MessagesUpTo(named, maxMessageBytes);
    ProgressDisplay display = ProgressDisplay.ofThisTerminal();
    try {
      List<String> leftOut = UnreadFiles.leftOut(named, display);
      Verdict verdict = new Judge(unread()).judge(request(sent, display));
      display.say("");
      System.out.println(report(verdict));
      if (json) {
        System.out.println(JsonLine.of(verdict));
      }
      return verdict.holds() && leftOut.isEmpty() && !nothingAdmitted(verdict) ? 0 : 1;
    } catch (KafkaException e) {
      display.say("nova: " + broker.reasonOf(e));
      return NOT_JUDGED;
    } catch (UncheckedIOException | CommandException | IllegalArgumentException notJudged) {
      display.say("nova: " + notJudged.getMessage());
      return NOT_JUDGED;
    }
  }

  private JudgeRequest request(Messages sent, ProgressDisplay display) {
    JobOptions job = mapping.in(new JobOptions(jobOptions));
    job.mustBeJudgeable();
    Brokers brokers = broker.brokers();
    return new JudgeRequest(
        warehouse(),
        new MessagesThen(sent, Replay.sentTo(brokers, events.topic())),
        brokers,
        rejected.topic(),
        job.mapping(),
        job.dedupWindow(),
        job.blockInterval(),
        job.batchLength(),
        OptionalLong.empty(),
        new Meter(display));
  }

  /** What the job has not read, by the offsets that its consumer group has committed. */
  private Messages unread() {
    String group = jobOptions.getOrDefault("nova.kafka.group-id", "nova");
    return TopicMessages.of(new TopicRecords(broker.brokers(), events.topic()).notReadBy(group));
  }

  private String warehouse() {
    if (!warehouse.isEmpty()) {
      return warehouse;
    }
    WorkFolder folder = broker.folder();
    return RunFile.in(folder)
        .map(RunFile::warehouse)
        .orElseGet(() -> folder.warehouse().toString());
  }

  private static String report(Verdict verdict) {
    StringBuilder text = new StringBuilder();
    text.append(
        verdict.holds()
            ? verdict.admitted() == 0
                ? "Nothing was admitted: the table has no event.\n"
                : "Every event is there exactly once.\n"
            : notHeld(verdict));
    line(text, "sent", verdict.sent());
    line(text, "admitted", verdict.admitted());
    line(text, "duplicates", verdict.duplicates());
    line(text, "rejected", verdict.rejectedTotal());
    verdict.rejected().forEach((reason, count) -> line(text, "  " + reason, count));
    line(text, "missing", verdict.missing());
    line(text, "not read by the job yet", verdict.unread());
    line(text, "extra", verdict.extra());
    line(text, "changed", verdict.changed());
    verdict.broken().forEach((name, count) -> line(text, name, count));
    verdict.examples().forEach(example -> text.append("    ").append(example).append('\n'));
    return text.toString().stripTrailing();
  }

  /** Whether there were messages and none was admitted, as with a mapping of other records. */
  private static boolean nothingAdmitted(Verdict verdict) {
    return verdict.sent() > 0 && verdict.admitted() == 0;
  }

  private static String notHeld(Verdict verdict) {
    return verdict.holdsSoFar()
        ? "The job has not read all messages yet. Every other event is there exactly once.\n"
        : "Not every event is there exactly once.\n";
  }

  private static void line(StringBuilder text, String name, long count) {
    text.append("  %-40s %,15d%n".formatted(name, count));
  }
}
