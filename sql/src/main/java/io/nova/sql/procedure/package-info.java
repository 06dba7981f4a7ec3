/** Procedures that close, complete and show batches: {@code CALL nova.sys.close_batch(...)}. */
@NullMarked
package io.nova.sql.procedure;

import org.jspecify.annotations.NullMarked;
