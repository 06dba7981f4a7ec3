/** Atomic commits and POSIX permissions for tables on a local disk. */
@NullMarked
package io.nova.iceberg.localdisk;

import org.jspecify.annotations.NullMarked;
