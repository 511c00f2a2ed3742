/**
 * Kernels as LLVM IR text: words for instructions, expressions, loops, and the schedules of nests.
 */
package org.modelc.codegen.llvm.emit;
