/** The judge's own JSON reader. */
@NullMarked
package io.nova.judge.json;

import org.jspecify.annotations.NullMarked;
