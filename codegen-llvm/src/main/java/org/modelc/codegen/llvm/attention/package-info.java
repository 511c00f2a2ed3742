/**
 * Attention as the native backend computes it: block by block, never the whole matrix of shares.
 */
package org.modelc.codegen.llvm.attention;
