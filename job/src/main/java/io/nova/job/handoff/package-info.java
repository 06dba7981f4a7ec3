/** HandoffOperator: requests and progress in, orders for shards and table out. */
@NullMarked
package io.nova.job.handoff;

import org.jspecify.annotations.NullMarked;
