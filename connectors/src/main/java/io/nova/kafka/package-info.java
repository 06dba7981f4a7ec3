/** What crosses the edges between Kafka and the shards. */
@NullMarked
package io.nova.kafka;

import org.jspecify.annotations.NullMarked;
