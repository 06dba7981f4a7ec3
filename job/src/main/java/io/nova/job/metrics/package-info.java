/** The job's metrics, and the tallies in state that they come from. */
@NullMarked
package io.nova.job.metrics;

import org.jspecify.annotations.NullMarked;
