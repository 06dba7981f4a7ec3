/** The fast path: DuckDB over one cut of memory and disk. No HTTP. */
@NullMarked
package io.nova.console.ask;

import org.jspecify.annotations.NullMarked;
