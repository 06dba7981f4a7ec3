package io.nova.kafka;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The place that an event was read from, as records on other topics name it.
 *
 * @param topic its topic
 * @param partition its partition there
 * @param offset the offset of its message there
 * @param index its place among the elements of its message; 0 in a message of one event
 */
public record KafkaPlace(String topic, int partition, long offset, int index) {
  /**
   * The header of a record whose value is an element that was taken out of its message. Its value
   * is the element's envelope. It has no bytes where the mapping reads none, except on elements
   * that the source rejects: a corrected mapping may read it.
   */
  public static final String ELEMENT = "nova-element";

  /** The header with the index. Records without it have index 0. */
  public static final String INDEX = "index";

  /** The key of its records: readers recognize a repeat by it. An index of 0 is left out. */
  String key() {
    String message = topic + "-" + partition + "-" + offset;
    return index == 0 ? message : message + "-" + index;
  }

  /** Adds it to the headers of a record. An index of 0 is left out. */
  void addTo(Headers headers) {
    headers.add("topic", utf8(topic));
    headers.add("partition", utf8(Integer.toString(partition)));
    headers.add("offset", utf8(Long.toString(offset)));
    if (index != 0) {
      headers.add(INDEX, utf8(Integer.toString(index)));
    }
  }

  /** The envelope of an element; null where the value of a record is no element. */
  public static byte @Nullable [] envelope(Headers headers) {
    Header header = headers.lastHeader(ELEMENT);
    if (header == null) {
      return null;
    }
    return header.value() == null ? new byte[0] : header.value();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
