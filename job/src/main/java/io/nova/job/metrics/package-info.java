/** The job's counters, which are state, and its metrics. */
@NullMarked
package io.nova.job.metrics;

import org.jspecify.annotations.NullMarked;
