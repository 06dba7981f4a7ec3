/** The bus: what is read from Kafka, and what is refused to the rejected topic. */
@NullMarked
package io.nova.kafka;

import org.jspecify.annotations.NullMarked;
