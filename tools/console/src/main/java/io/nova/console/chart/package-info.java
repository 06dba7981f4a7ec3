/** Charts: forms as SQL in DuckDB's dialect. */
@NullMarked
package io.nova.console.chart;

import org.jspecify.annotations.NullMarked;
