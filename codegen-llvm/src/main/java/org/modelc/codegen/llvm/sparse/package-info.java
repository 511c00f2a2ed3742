/** Products with matrices of which most elements are 0. */
package org.modelc.codegen.llvm.sparse;
