/** Shards: admission, deduplication, and blocks from open to sealed. */
@NullMarked
package io.nova.shard;

import org.jspecify.annotations.NullMarked;
