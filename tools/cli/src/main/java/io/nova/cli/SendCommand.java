package io.nova.cli;

import io.nova.cli.process.CommandException;
import io.nova.cli.run.FirstRecord;
import io.nova.cli.run.JobOptions;
import io.nova.cli.run.Meter;
import io.nova.cli.run.ProgressDisplay;
import io.nova.cli.run.UnreadFiles;
import io.nova.workload.input.Messages;
import io.nova.workload.send.Pace;
import io.nova.workload.send.SendReport;
import io.nova.workload.send.Sender;
import io.nova.workload.topic.Brokers;
import java.io.UncheckedIOException;
import java.util.List;
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
      "A message that fails at the broker is named, and the others are sent. So is a file of a zip"
          + " whose name is not that of JSON lines."
    },
    footer = {"", "Exit codes: 0 all messages were sent, 1 not all, 2 wrong usage."},
    mixinStandardHelpOptions = true)
final class SendCommand implements Callable<Integer> {
  @Mixin private MessageOptions messages = new MessageOptions();
  @Mixin private BrokerOption broker = new BrokerOption();
  @Mixin private EventsTopicOption events = new EventsTopicOption();
  @Mixin private MappingOption mapping = new MappingOption();

  @Option(
      names = "--rate",
      paramLabel = "RATE",
      description =
          "max, messages a second (5000), or a multiple of the speed of their upload times (60x)"
              + " (default: ${DEFAULT-VALUE}).",
      defaultValue = "max")
  private String rate = "";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    Pace pace = pace();
    ProgressDisplay display = ProgressDisplay.ofThisTerminal();
    Messages named = messages.in(spec);
    List<String> leftOut = UnreadFiles.leftOut(named, display);
    Messages checked = checked(named);
    SendReport report = send(checked, pace, display);
    for (SendReport.Failure failure : report.failures()) {
      display.say(
          "failed: message %,d of %,d bytes: %s"
              .formatted(failure.index() + 1, failure.sizeBytes(), failure.reason()));
    }
    display.say(summary(report));
    return report.allSent() && leftOut.isEmpty() ? 0 : 1;
  }

  /** The same messages. Which mapping the job uses is known only if the user says it. */
  private Messages checked(Messages all) {
    return mapping.given() ? FirstRecord.checked(all, mapping.in(new JobOptions(Map.of()))) : all;
  }

  private Pace pace() {
    try {
      return Pace.parse(rate);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private SendReport send(Messages all, Pace pace, ProgressDisplay display) {
    Brokers brokers = broker.brokers();
    try {
      return new Sender(brokers, events.topic()).send(all, pace, new Meter(display));
    } catch (UncheckedIOException e) {
      throw new CommandException(e.getMessage() + " All messages before it were sent.", e);
    } catch (KafkaException e) {
      throw new CommandException(
          "Topic %s at %s: %s. Not everything was sent."
              .formatted(events.topic(), brokers.bootstrapServers(), broker.reasonOf(e)),
          e);
    }
  }

  private String summary(SendReport report) {
    double seconds = Math.max(report.elapsed().toMillis(), 1) / 1e3;
    return "%,d sent (%,.1f MB) to %s, %,d failed%s, %,.1f s, %,.0f messages/s"
        .formatted(
            report.sent(),
            report.sentBytes() / 1e6,
            events.topic(),
            report.failed(),
            report.complete() ? "" : ", interrupted",
            seconds,
            report.sent() / seconds);
  }
}
