/** Batches that close, complete and leave: the records of the topic {@code batches}. */
@NullMarked
package io.nova.handoff;

import org.jspecify.annotations.NullMarked;
