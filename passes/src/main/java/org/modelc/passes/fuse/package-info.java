/**
 * Fusion of loop nests, before any schedule is chosen.
 *
 * <p>What is done, and what makes it legal:
 *
 * <ul>
 *   <li><b>Inlining</b>: a load of an elementwise nest's result becomes the value stored there,
 *       with the nest's axes replaced by the load's index. Legal if that nest is the only writer of
 *       the buffer, stores it at its own axes (each point once, every point), and what it loads is
 *       not written between. Done for all readers, so that the buffer goes; never where an
 *       expensive value would be computed more often than before.
 *   <li><b>Merging a reader</b>: an elementwise nest that reads a nest's result at the same point
 *       joins that nest and takes the value instead of the load (the epilogue of a reduction).
 *       Legal if both run over the same axes, each in one order, and no third kernel stands between
 *       the two.
 *   <li><b>Reusing copies</b>: a nest that stores the elements of an earlier one, with dims in
 *       another order (the last one stays), goes, and its readers load from the earlier result.
 *       Legal if what the two load is not written between them.
 *   <li><b>Merging siblings</b>: two nests over equal axes that load the same elements become one.
 *       Legal if neither depends on the other.
 *   <li><b>Recomputing</b>: a value that follows from another of the same nest's results is not
 *       stored if all its readers load that result anyway, and computing it is cheaper than memory.
 * </ul>
 *
 * <p>Nothing here changes the order in which a reduction joins. A contraction (a sum of products of
 * two loads of which one is used again and again) stays one: only loads from elsewhere, and no
 * arithmetic, are inlined into its factors, so that backends find their templates.
 */
package org.modelc.passes.fuse;
