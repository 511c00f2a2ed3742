/** Kernel programs as CUDA C++. */
package org.modelc.codegen.cuda;
