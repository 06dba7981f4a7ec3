package io.nova.judge;

import io.nova.judge.Findings.Example;
import io.nova.judge.record.SentElements;
import io.nova.judge.record.SentElements.SentElement;
import io.nova.judge.record.SentRecord;
import io.nova.workload.input.MessageCursor;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads the sent messages once more, to show those that the examples are about. */
final class MessageHeads {
  private static final int HEAD_BYTES = 160;

  private MessageHeads() {}

  /** A description of each example's message, by its place among the sent messages. */
  static Map<Integer, String> of(JudgeRequest request, List<Example> examples) {
    Set<Integer> wanted =
        examples.stream().map(Example::message).filter(m -> m >= 0).collect(Collectors.toSet());
    HashMap<Integer, String> heads = new HashMap<>();
    if (wanted.isEmpty()) {
      return heads;
    }
    SentElements reader = new SentElements(request.mapping());
    try (MessageCursor messages = request.sent().open()) {
      int place = 0;
      while (messages.hasNext() && heads.size() < wanted.size()) {
        for (SentElement element : reader.of(messages.next())) {
          if (wanted.contains(place)) {
            heads.put(place, head(element));
          }
          place++;
        }
      }
    }
    return heads;
  }

  private static String head(SentElement element) {
    byte[] value = element.value();
    if (value == null) {
      return "(no value)";
    }
    SentRecord record = element.record();
    if (record.content() != null) {
      return record.content().who();
    }
    int length = Math.min(value.length, HEAD_BYTES);
    String text =
        new String(value, 0, length, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", "?");
    return length < value.length ? text + "..." : text;
  }
}
