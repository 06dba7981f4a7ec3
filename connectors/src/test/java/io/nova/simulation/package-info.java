/**
 * Simulations of the engine. A seed drives the real code through sends, stalls, crashes, restores
 * and torn files. Named invariants compare it with plain maps after every step.
 */
package io.nova.simulation;
