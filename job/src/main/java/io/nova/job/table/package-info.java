/** ChunkOperator and TableCommitter: from block files to chunks and commits. */
@NullMarked
package io.nova.job.table;

import org.jspecify.annotations.NullMarked;
