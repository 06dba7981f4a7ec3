/** The Iceberg table of events, and the chain of commits that alone changes it. */
@NullMarked
package io.nova.table;

import org.jspecify.annotations.NullMarked;
