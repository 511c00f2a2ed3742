/** Kernel programs as native shared libraries, through LLVM. */
package org.modelc.codegen.llvm;
