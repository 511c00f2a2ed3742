/** Templates of matrix products and of what can be read as one: convolutions, their gradients. */
package org.modelc.codegen.cuda.gemm;
