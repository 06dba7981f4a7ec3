/** Freshness of live views, and the cost of their readers. */
@NullMarked
package io.nova.bench.live;

import org.jspecify.annotations.NullMarked;
