/**
 * The table {@code events} in Flink SQL: the catalog, the table's columns and what is pushed down
 * to it.
 */
@NullMarked
package io.nova.sql;

import org.jspecify.annotations.NullMarked;
