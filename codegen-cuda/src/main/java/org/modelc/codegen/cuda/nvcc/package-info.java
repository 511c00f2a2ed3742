/**
 * CUDA C++ to PTX and machine code by the compiler of NVIDIA's toolkit, where that is installed.
 */
package org.modelc.codegen.cuda.nvcc;
