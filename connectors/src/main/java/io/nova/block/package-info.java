/** Blocks: the events of one shard and one interval, from admission to the file they leave in. */
@NullMarked
package io.nova.block;

import org.jspecify.annotations.NullMarked;
