/** The system tables, which describe the store itself. */
@NullMarked
package io.nova.sql.system;

import org.jspecify.annotations.NullMarked;
