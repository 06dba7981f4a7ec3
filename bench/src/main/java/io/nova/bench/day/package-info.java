/** A generated day through the whole job, once for each set of options. */
@NullMarked
package io.nova.bench.day;

import org.jspecify.annotations.NullMarked;
