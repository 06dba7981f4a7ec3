/** The sender: messages to a Kafka topic at a chosen pace. */
@NullMarked
package io.nova.workload.send;

import org.jspecify.annotations.NullMarked;
