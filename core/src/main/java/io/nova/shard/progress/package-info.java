/** How far a shard has read and admitted, and the lineage of its checkpoints. */
@NullMarked
package io.nova.shard.progress;

import org.jspecify.annotations.NullMarked;
