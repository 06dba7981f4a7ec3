/** Asks the job to close, complete or withdraw a batch, and reads what became of batches. */
@NullMarked
package io.nova.kafka.batches.client;

import org.jspecify.annotations.NullMarked;
