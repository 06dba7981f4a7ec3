/** The job: Kafka in, exact deduplication, blocks and chunks out. */
@NullMarked
package io.nova.job;

import org.jspecify.annotations.NullMarked;
