/** The mapping from a producer's record to Nova's columns. */
@NullMarked
package io.nova.event.mapping;

import org.jspecify.annotations.NullMarked;
