/** The topic {@code batches}: its check, its reader, and the form of its answers. */
@NullMarked
package io.nova.kafka.batches;

import org.jspecify.annotations.NullMarked;
