/** The job's options: declared, parsed and checked. */
@NullMarked
package io.nova.job.options;

import org.jspecify.annotations.NullMarked;
