/** The console: a process of its own that shows a store on a page. */
@NullMarked
package io.nova.console;

import org.jspecify.annotations.NullMarked;
