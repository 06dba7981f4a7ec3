package io.nova.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nova.cli.cluster.ClusterAddresses;
import io.nova.cli.cluster.LocalCluster;
import io.nova.cli.run.Meter;
import io.nova.cli.run.ProgressDisplay;
import io.nova.judge.Judge;
import io.nova.judge.JudgeRequest;
import io.nova.judge.Verdict;
import io.nova.workload.input.Messages;
import io.nova.workload.input.MessagesThen;
import io.nova.workload.input.MessagesUpTo;
import io.nova.workload.replay.ReplayedMessages;
import io.nova.workload.send.Sender;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Compares what was sent with what the table and the rejected topic hold. */
@Command(
    name = "verify",
    description = {
      "Compares what was sent, event by event, with the table and the rejected topic.",
      "The job must be at rest: events of open blocks are not in the table yet, and count as"
          + " missing."
    },
    footer = {
      "",
      "Exit codes: 0 when the promise holds, 1 when not, 2 wrong usage or nothing to compare with."
    },
    mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
  private static final int NOT_JUDGED = 2;

  @Mixin private MessageOptions messages = new MessageOptions();
  @Mixin private FolderOption folder = new FolderOption();
  @Mixin private MappingOption mapping = new MappingOption();

  @Option(
      names = "--warehouse",
      paramLabel = "FOLDER",
      description = "The warehouse (default: that of the last run in the working folder).")
  private String warehouse = "";

  @Option(
      names = "--bootstrap-servers",
      paramLabel = "HOST:PORT",
      description = "The broker (default: the one that runs in the working folder).")
  private String bootstrapServers = "";

  @Option(
      names = "--rejected-topic",
      paramLabel = "TOPIC",
      description = "Where the job puts what it does not take (default: ${DEFAULT-VALUE}).",
      defaultValue = LocalCluster.REJECTED)
  private String rejectedTopic = "";

  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      description =
          "Where the events were sent: what `nova replay-rejected` sent there counts as sent, too"
              + " (default: ${DEFAULT-VALUE}).",
      defaultValue = LocalCluster.EVENTS)
  private String topic = "";

  @Option(
      names = "--max-message-bytes",
      paramLabel = "N",
      description = "Longer messages are left out: the broker refused them (default: 16777128).")
  private int maxMessageBytes = Sender.MAX_VALUE_BYTES;

  @Option(
      names = {"-o", "--option"},
      paramLabel = "NAME=VALUE",
      description =
          "An option the job was started with: nova.dedup.window, nova.block.interval,"
              + " nova.batch.length or nova.mapping. May be repeated.")
  private Map<String, String> jobOptions = Map.of();

  @Option(names = "--json", description = "The last line of output is one JSON object.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws JsonProcessingException {
    MessagesUpTo what = new MessagesUpTo(messages.in(spec), maxMessageBytes);
    ProgressDisplay screen = ProgressDisplay.ofThisTerminal();
    try {
      Verdict verdict = new Judge().judge(request(what, screen));
      screen.say("");
      System.out.println(report(verdict));
      if (json) {
        System.out.println(new ObjectMapper().writeValueAsString(object(verdict)));
      }
      return verdict.holds() ? 0 : 1;
    } catch (UncheckedIOException
        | KafkaException
        | CommandException
        | IllegalArgumentException notJudged) {
      screen.say("nova: " + notJudged.getMessage());
      return NOT_JUDGED;
    }
  }

  private JudgeRequest request(Messages what, ProgressDisplay screen) {
    JobOptions job = mapping.in(new JobOptions(jobOptions));
    job.mustBeJudgeable();
    String broker = ClusterAddresses.broker(bootstrapServers, folder);
    return new JudgeRequest(
        ClusterAddresses.warehouse(warehouse, folder),
        new MessagesThen(what, new ReplayedMessages(broker, topic)),
        broker,
        rejectedTopic,
        MappingOption.of(job),
        job.duration("nova.dedup.window", Duration.ofMinutes(10)),
        job.duration("nova.block.interval", Duration.ofMinutes(5)),
        job.duration("nova.batch.length", Duration.ofDays(1)),
        new Meter(screen));
  }

  private static String report(Verdict verdict) {
    StringBuilder text = new StringBuilder();
    text.append(
        verdict.holds()
            ? "The promise holds: every event is there exactly once.\n"
            : "The promise does not hold.\n");
    line(text, "sent", verdict.sent());
    line(text, "admitted", verdict.admitted());
    line(text, "duplicates", verdict.duplicates());
    line(text, "rejected", verdict.rejectedTotal());
    verdict.rejected().forEach((reason, count) -> line(text, "  " + reason, count));
    line(text, "missing", verdict.missing());
    line(text, "extra", verdict.extra());
    line(text, "changed", verdict.changed());
    verdict.broken().forEach((name, count) -> line(text, name, count));
    verdict.examples().forEach(example -> text.append("    ").append(example).append('\n'));
    return text.toString().stripTrailing();
  }

  private static void line(StringBuilder text, String what, long count) {
    text.append("  %-40s %,15d%n".formatted(what, count));
  }

  private static Map<String, Object> object(Verdict verdict) {
    LinkedHashMap<String, Object> object = new LinkedHashMap<>();
    object.put("sent", verdict.sent());
    object.put("admitted", verdict.admitted());
    object.put("duplicates", verdict.duplicates());
    object.put("rejected", verdict.rejected());
    object.put("missing", verdict.missing());
    object.put("extra", verdict.extra());
    object.put("changed", verdict.changed());
    object.put("broken", verdict.broken());
    object.put("examples", verdict.examples());
    object.put("holds", verdict.holds());
    return object;
  }
}
