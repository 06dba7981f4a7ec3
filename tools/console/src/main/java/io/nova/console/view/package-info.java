/** What the views of the console show, collected from job, broker and table. */
@NullMarked
package io.nova.console.view;

import org.jspecify.annotations.NullMarked;
