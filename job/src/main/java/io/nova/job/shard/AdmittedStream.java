package io.nova.job.shard;

import io.nova.job.options.NovaSettings;
import io.nova.kafka.Admitted;
import io.nova.shard.Offer;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/**
 * Sends admitted events to the admitted topic, in the order of their admission.
 *
 * <p>Each event names the generation of its run. Events that are admitted before the generation is
 * known wait for it, until the next checkpoint or {@link #MOST_WAITING_BYTES}. Then they go without
 * it.
 *
 * <p>Belongs to the task thread.
 */
final class AdmittedStream {
  /** The most bytes that waiting events take, without the last one. */
  static final int MOST_WAITING_BYTES = 4 * 1024 * 1024;

  /** About the heap of an event without its bytes. */
  private static final int EVENT_BYTES = 200;

  private final NovaSettings settings;
  private final Output<?> output;
  private final OutputTag<Admitted> admitted;
  private final List<Admitted> waiting = new ArrayList<>();
  private long waitingBytes;
  private String generation = "";

  AdmittedStream(NovaSettings settings, Output<?> output, OutputTag<Admitted> admitted) {
    this.settings = settings;
    this.output = output;
    this.admitted = admitted;
  }

  /** Sends an event that its shard has just admitted. */
  void admitted(Offer event) {
    Admitted message = message(event);
    if (!generation.isEmpty()) {
      send(message);
      return;
    }
    waiting.add(message);
    waitingBytes += bytes(message);
    if (waitingBytes >= MOST_WAITING_BYTES) {
      write();
    }
  }

  private static int bytes(Admitted message) {
    int envelope = message.envelope == null ? 0 : message.envelope.length;
    return EVENT_BYTES + message.original.length + envelope;
  }

  private Admitted message(Offer event) {
    Admitted message = new Admitted();
    message.topic = settings.topic();
    message.partition = event.partition;
    message.offset = event.offset;
    message.index = event.index;
    message.uploadMicros = event.uploadMicros;
    message.batch = settings.batchOf(settings.blockRules().intervalOf(event.uploadMicros));
    message.high = event.high;
    message.low = event.low;
    message.original = event.original;
    message.envelope = event.element ? event.envelope : null;
    return message;
  }

  /** The generation of this run is known from now on. */
  void begin(String run) {
    generation = run;
    write();
  }

  /** Sends all events that wait. A checkpoint must find none. */
  void write() {
    waiting.forEach(this::send);
    waiting.clear();
    waitingBytes = 0;
  }

  private void send(Admitted message) {
    message.generation = generation;
    output.collect(admitted, new StreamRecord<>(message));
  }
}
