/** Splits and their stored form. */
@NullMarked
package io.nova.sql.source.split;

import org.jspecify.annotations.NullMarked;
