/** Writes kernels as CUDA C++: names, expressions, statements, and the schedules of loop nests. */
package org.modelc.codegen.cuda.emit;
