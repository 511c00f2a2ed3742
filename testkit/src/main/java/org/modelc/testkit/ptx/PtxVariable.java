package org.modelc.testkit.ptx;

/**
 * A variable or parameter.
 *
 * @param space without its dot: shared, local, global, const, param
 * @param bytes its size; 0 for dynamic shared memory
 * @param contents what it holds at first, or null
 */
record PtxVariable(String name, String space, int alignment, long bytes, byte[] contents) {}
