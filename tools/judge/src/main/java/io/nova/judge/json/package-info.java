/** The judge's own JSON reader: it shares no code with the job. */
@NullMarked
package io.nova.judge.json;

import org.jspecify.annotations.NullMarked;
