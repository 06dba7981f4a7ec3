/** The write-ahead log of a shard: segments of encoded rows. */
@NullMarked
package io.nova.shard.log;

import org.jspecify.annotations.NullMarked;
