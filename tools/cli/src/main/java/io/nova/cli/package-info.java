/** The commands of ./nova. */
@NullMarked
package io.nova.cli;

import org.jspecify.annotations.NullMarked;
