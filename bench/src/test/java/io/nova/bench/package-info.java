/** What is checked of all modules together. */
@NullMarked
package io.nova.bench;

import org.jspecify.annotations.NullMarked;
