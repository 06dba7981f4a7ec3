/**
 * How one query reads one snapshot of the table: planning, splits, and rows out of Avro and
 * Parquet.
 */
@NullMarked
package io.nova.sql.scan;

import org.jspecify.annotations.NullMarked;
