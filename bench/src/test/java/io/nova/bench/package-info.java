/** Tests of rules that hold for all modules. */
@NullMarked
package io.nova.bench;

import org.jspecify.annotations.NullMarked;
