/** The readers of splits: Avro, Parquet and live rows. */
@NullMarked
package io.nova.sql.source.reader;

import org.jspecify.annotations.NullMarked;
