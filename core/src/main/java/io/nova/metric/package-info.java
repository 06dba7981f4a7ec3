/** The list of Nova's metrics. */
@NullMarked
package io.nova.metric;

import org.jspecify.annotations.NullMarked;
