/** The event table in Iceberg, and its files: block files and chunks. */
@NullMarked
package io.nova.iceberg;

import org.jspecify.annotations.NullMarked;
