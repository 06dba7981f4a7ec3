/** The read-only catalog of Nova in Flink SQL. */
@NullMarked
package io.nova.sql.catalog;

import org.jspecify.annotations.NullMarked;
