/** How kernels are run, as data: what the cost model chooses, or a file of tuned schedules. */
package org.modelc.codegen.llvm.schedule;
