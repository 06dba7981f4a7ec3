/** The table {@code events}: its options, columns and source. */
@NullMarked
package io.nova.sql.table;

import org.jspecify.annotations.NullMarked;
