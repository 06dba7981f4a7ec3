/** The enumerators: they plan the splits of a cut and assign them to readers. */
@NullMarked
package io.nova.sql.source.enumerator;

import org.jspecify.annotations.NullMarked;
