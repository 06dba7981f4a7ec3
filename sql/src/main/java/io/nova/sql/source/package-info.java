/** The scan of the table {@code events} as a Flink source. */
@NullMarked
package io.nova.sql.source;

import org.jspecify.annotations.NullMarked;
