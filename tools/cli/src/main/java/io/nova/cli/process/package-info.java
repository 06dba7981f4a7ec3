/** Processes of one working folder: how they are started, waited for and found again. */
@NullMarked
package io.nova.cli.process;

import org.jspecify.annotations.NullMarked;
