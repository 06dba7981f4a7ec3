/**
 * The fast path: questions, their statements in DuckDB, and their answers. No HTTP. The package
 * {@code cut} has the rows of events, and {@code topic} those of topics.
 */
@NullMarked
package io.nova.console.ask;

import org.jspecify.annotations.NullMarked;
