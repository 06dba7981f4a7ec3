/** The Flink source of the table {@code events}. */
@NullMarked
package io.nova.sql.source;

import org.jspecify.annotations.NullMarked;
