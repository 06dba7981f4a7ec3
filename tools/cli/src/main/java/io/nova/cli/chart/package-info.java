/** Charts of an answer: in the terminal and as SVG. */
@NullMarked
package io.nova.cli.chart;

import org.jspecify.annotations.NullMarked;
