/** The catalog through which Flink SQL reads the table. */
@NullMarked
package io.nova.sql;

import org.jspecify.annotations.NullMarked;
