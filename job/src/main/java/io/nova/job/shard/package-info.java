/** BlockOperator and the shards that it keeps in keyed state. */
@NullMarked
package io.nova.job.shard;

import org.jspecify.annotations.NullMarked;
