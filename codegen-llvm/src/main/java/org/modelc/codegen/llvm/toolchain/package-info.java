/** LLVM itself: from IR text to objects, from objects to shared libraries. */
package org.modelc.codegen.llvm.toolchain;
