/** The translation of Flink's filters to Iceberg's. */
@NullMarked
package io.nova.sql.filter;

import org.jspecify.annotations.NullMarked;
