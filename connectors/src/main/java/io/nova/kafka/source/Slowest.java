package io.nova.kafka.source;

import java.io.Serial;
import org.apache.flink.api.connector.source.SourceEvent;

/**
 * What the enumerator tells all readers once a second while a partition catches up: how far the
 * slowest of all has read.
 *
 * @param recordMs timestamp of its last record, milliseconds since 1970; {@link
 *     Alignment#NONE_CATCHES_UP} once no partition catches up
 * @param nowMs the enumerator's clock, milliseconds since 1970. All readers compare with it
 */
record Slowest(long recordMs, long nowMs) implements SourceEvent {
  @Serial private static final long serialVersionUID = 1;
}
