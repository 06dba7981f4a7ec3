/** Chunks: the columnar merge of the block files of one batch. */
@NullMarked
package io.nova.chunk;

import org.jspecify.annotations.NullMarked;
