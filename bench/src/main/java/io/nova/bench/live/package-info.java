/** Benchmarks of live views: freshness, and the cost of readers. */
@NullMarked
package io.nova.bench.live;

import org.jspecify.annotations.NullMarked;
