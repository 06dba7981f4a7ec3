/** The job's options: declarations, checked values, and the settings of the operators. */
@NullMarked
package io.nova.job.options;

import org.jspecify.annotations.NullMarked;
