/**
 * The simulation ring: a seed drives the real code through sends, stalls, crashes, restores and
 * torn files, and named invariants, those of docs/internals/invariants.md, hold it against plain
 * maps.
 */
package io.nova.simulation;
