package io.nova.kafka.source;

import java.io.Serial;
import org.apache.flink.api.connector.source.SourceEvent;

/**
 * What a reader tells the enumerator: how far its slowest partition has read.
 *
 * @param recordMs timestamp of its last record, milliseconds since 1970; {@link
 *     Alignment#NONE_CATCHES_UP} where there is none
 */
record ReadTo(long recordMs) implements SourceEvent {
  @Serial private static final long serialVersionUID = 1;
}
