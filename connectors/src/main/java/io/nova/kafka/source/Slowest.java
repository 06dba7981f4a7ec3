package io.nova.kafka.source;

import java.io.Serial;
import org.apache.flink.api.connector.source.SourceEvent;

/**
 * What the enumerator tells all readers once a second: how far the slowest partition of all has
 * read that catches up.
 *
 * @param recordMs timestamp of its last record, milliseconds since 1970; {@link
 *     Alignment#NONE_CATCHES_UP} where there is none
 * @param nowMs the enumerator's clock, milliseconds since 1970. All readers compare with it
 */
record Slowest(long recordMs, long nowMs) implements SourceEvent {
  @Serial private static final long serialVersionUID = 1;
}
