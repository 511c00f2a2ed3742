package org.modelc.ir.kernel;

/**
 * A constant of a program that is shipped with the parameters.
 *
 * @param buffer its name
 * @param elements one for all, or as many as the buffer has
 */
public record PooledConstant(String buffer, double[] elements) {}
