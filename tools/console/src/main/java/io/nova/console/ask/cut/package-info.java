/** Cuts that questions read: their rows in DuckDB, and the views over rows and data files. */
@NullMarked
package io.nova.console.ask.cut;

import org.jspecify.annotations.NullMarked;
