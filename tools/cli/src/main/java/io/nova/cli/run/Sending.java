package io.nova.cli.run;

import io.nova.cli.process.CommandException;
import io.nova.workload.input.Messages;
import io.nova.workload.send.Pace;
import io.nova.workload.send.SendReport;
import io.nova.workload.send.Sender;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A sender on a thread of its own; the caller can show figures meanwhile. */
final class Sending implements AutoCloseable {
  private final long start = System.nanoTime();
  private final CompletableFuture<SendReport> report = new CompletableFuture<>();
  private final Thread thread;
  private volatile long done;
  private volatile OptionalLong total;

  private Sending(Sender sender, Messages messages, Pace pace) {
    this.total = messages.count();
    this.thread = new Thread(() -> work(sender, messages, pace), "sender");
    this.thread.setDaemon(true);
  }

  static Sending begin(Sender sender, Messages messages, Pace pace) {
    Sending sending = new Sending(sender, messages, pace);
    sending.thread.start();
    return sending;
  }

  private void work(Sender sender, Messages messages, Pace pace) {
    try {
      report.complete(sender.send(messages, pace, this::progress));
    } catch (RuntimeException | Error e) {
      report.completeExceptionally(e);
    }
  }

  private void progress(String stage, long count, OptionalLong of) {
    done = count;
    total = of;
  }

  boolean done() {
    return report.isDone();
  }

  String bar() {
    return FigureLines.bar("sending", done, total, LocalRun.seconds(start));
  }

  /** What became of the messages. Call it only after {@link #done}. */
  SendReport report() {
    try {
      return report.join();
    } catch (CompletionException e) {
      throw new CommandException("Sending failed: " + e.getCause(), e);
    }
  }

  /** Interrupts a sender that still works: its cluster is about to end. */
  @Override
  public void close() {
    thread.interrupt();
  }
}
