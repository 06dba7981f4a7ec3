/** Records that are on a Kafka topic now, and those of the rejected topic. */
@NullMarked
package io.nova.workload.topic;

import org.jspecify.annotations.NullMarked;
