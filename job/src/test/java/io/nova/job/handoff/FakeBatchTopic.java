package io.nova.job.handoff;

import io.nova.handoff.BatchAnswer;
import io.nova.handoff.BatchRecord;
import io.nova.handoff.BatchRequest;
import io.nova.kafka.batches.BatchTopic;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A topic in memory. Its readers are called on the thread that appends. */
final class FakeBatchTopic implements BatchTopic {
  private static final long serialVersionUID = 1;

  private String id = "id-1";
  private boolean catchesUp = true;
  private final transient List<BatchRecord> records = new ArrayList<>();
  private transient Reader reader;

  @Override
  public String id() {
    return id;
  }

  @Override
  public Reading read(long position, Reader begins) {
    reader = begins;
    List<BatchRecord> unread = records.stream().filter(r -> r.offset() > position).toList();
    reader.records(unread);
    if (catchesUp) {
      reader.caughtUp();
    }
    return () -> {};
  }

  /** Whether a reader that begins reaches the end of the topic. */
  void catchesUp(boolean does) {
    catchesUp = does;
  }

  void reachEnd() {
    reader.caughtUp();
  }

  /** Creates the topic again. */
  void createAgain(String newId) {
    id = newId;
    records.clear();
  }

  void ask(String request, BatchRequest asked) {
    append(request, BatchRecord.REQUEST, asked.write());
  }

  void answer(BatchAnswer answer) {
    String key = answer.request() == null ? String.valueOf(answer.batch()) : answer.request();
    append(key, BatchRecord.ANSWER, answer.write());
  }

  void append(String key, String kind, byte[] value) {
    BatchRecord record =
        new BatchRecord(records.size(), key, kind, new String(value, StandardCharsets.UTF_8));
    records.add(record);
    if (reader != null) {
      reader.records(List.of(record));
    }
  }

  void deliverAgain() {
    reader.records(List.copyOf(records));
  }

  void empty(Integer... partitions) {
    reader.empty(Set.of(partitions));
  }

  /** Nobody reads any more. */
  void forgetReader() {
    reader = null;
  }
}
