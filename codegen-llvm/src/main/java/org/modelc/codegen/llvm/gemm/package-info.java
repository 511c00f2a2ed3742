/** Matrix products: which nests are such, and how they run in registers and caches. */
package org.modelc.codegen.llvm.gemm;
