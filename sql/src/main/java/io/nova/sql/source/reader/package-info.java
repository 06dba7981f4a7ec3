/** The readers of splits: block files, chunks and live views. */
@NullMarked
package io.nova.sql.source.reader;

import org.jspecify.annotations.NullMarked;
