/** A seeded, deterministic day of a small product in Amplitude's export format. */
@NullMarked
package io.nova.workload.generate;

import org.jspecify.annotations.NullMarked;
