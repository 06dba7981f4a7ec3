/** Sends messages to a Kafka topic at a chosen pace and names what the broker refuses. */
@NullMarked
package io.nova.send;

import org.jspecify.annotations.NullMarked;
