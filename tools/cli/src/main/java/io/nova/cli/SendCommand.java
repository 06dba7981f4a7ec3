package io.nova.cli;

import io.nova.cli.cluster.ClusterAddresses;
import io.nova.cli.cluster.LocalCluster;
import io.nova.cli.run.FirstRecord;
import io.nova.cli.run.Meter;
import io.nova.cli.run.ProgressDisplay;
import io.nova.workload.input.Messages;
import io.nova.workload.send.Pace;
import io.nova.workload.send.SendReport;
import io.nova.workload.send.Sender;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Sends messages to the events topic. */
@Command(
    name = "send",
    description = {
      "Sends messages to the events topic, line by line, byte for byte.",
      "What the broker refuses is named, and the rest goes on."
    },
    footer = {"", "Exit codes: 0 when everything was accepted, 1 when not, 2 wrong usage."},
    mixinStandardHelpOptions = true)
final class SendCommand implements Callable<Integer> {
  @Mixin private MessageOptions messages = new MessageOptions();
  @Mixin private FolderOption folder = new FolderOption();
  @Mixin private MappingOption mapping = new MappingOption();

  @Option(
      names = "--rate",
      paramLabel = "RATE",
      description =
          "max, so many a second (5000), or so many times the speed of their upload times (60x)"
              + " (default: ${DEFAULT-VALUE}).",
      defaultValue = "max")
  private String rate = "";

  @Option(
      names = "--bootstrap-servers",
      paramLabel = "HOST:PORT",
      description = "The broker (default: the one that runs in the working folder).")
  private String bootstrapServers = "";

  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      description = "Where to send it (default: ${DEFAULT-VALUE}).",
      defaultValue = LocalCluster.EVENTS)
  private String topic = "";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    Messages what = checked(messages.in(spec));
    Pace pace = pace();
    String broker = ClusterAddresses.broker(bootstrapServers, folder);
    ProgressDisplay screen = ProgressDisplay.ofThisTerminal();
    SendReport report = send(what, pace, broker, screen);
    for (SendReport.Refusal refusal : report.refusals()) {
      screen.say(
          "refused: message %,d of %,d bytes: %s"
              .formatted(refusal.index() + 1, refusal.sizeBytes(), refusal.reason()));
    }
    screen.say(closing(report));
    return report.everythingAccepted() ? 0 : 1;
  }

  /** Which mapping the job uses is known only if it was said. */
  private Messages checked(Messages what) {
    return mapping.given() ? FirstRecord.checked(what, mapping.in(new JobOptions(Map.of()))) : what;
  }

  private Pace pace() {
    try {
      return Pace.parse(rate);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private SendReport send(Messages what, Pace pace, String broker, ProgressDisplay screen) {
    try {
      return new Sender(broker, topic).send(what, pace, new Meter(screen));
    } catch (UncheckedIOException e) {
      throw new CommandException(e.getMessage() + " What was read before it has been sent.", e);
    } catch (KafkaException e) {
      throw new CommandException(
          "Topic %s at %s: %s. Not everything was sent.".formatted(topic, broker, e.getMessage()),
          e);
    }
  }

  private String closing(SendReport report) {
    double seconds = Math.max(report.elapsed().toMillis(), 1) / 1e3;
    return "%,d sent (%,.1f MB) to %s, %,d refused%s, %,.1f s, %,.0f messages/s"
        .formatted(
            report.sent(),
            report.sentBytes() / 1e6,
            topic,
            report.refused(),
            report.complete() ? "" : ", interrupted",
            seconds,
            report.sent() / seconds);
  }
}
