/** The source of the events: Flink's Kafka source, which skips no record in silence. */
@NullMarked
package io.nova.kafka.source;

import org.jspecify.annotations.NullMarked;
