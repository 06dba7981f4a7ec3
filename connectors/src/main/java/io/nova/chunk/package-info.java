/** Chunks: block files of one batch, merged into one columnar file. */
@NullMarked
package io.nova.chunk;

import org.jspecify.annotations.NullMarked;
