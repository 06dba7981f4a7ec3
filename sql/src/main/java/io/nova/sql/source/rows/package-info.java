/** The rows of a scan, their cells, and the tests of a filter. */
@NullMarked
package io.nova.sql.source.rows;

import org.jspecify.annotations.NullMarked;
