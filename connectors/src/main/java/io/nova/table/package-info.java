/** The Iceberg table that holds block files and chunks, and the one committer that writes it. */
@NullMarked
package io.nova.table;

import org.jspecify.annotations.NullMarked;
