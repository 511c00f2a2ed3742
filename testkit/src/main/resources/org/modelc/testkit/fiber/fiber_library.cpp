// A text's kernels as a shared library, for mock_driver.cpp.
#include "fiber_runtime.h"

extern "C" {

// Sizes in bytes of a kernel's arguments; -1 if there is no such kernel.
int fiber_library_arguments(const char *name, const int **sizes) {
  FiberKernel *kernel = fiber_kernel_named(name);
  if (kernel == nullptr) {
    return -1;
  }
  *sizes = kernel->sizes;
  return kernel->count;
}

void fiber_library_run(const char *name, const unsigned *grid, const unsigned *block, size_t dynamic_bytes,
                       void *const *arguments) {
  fiber_block.grid = {grid[0], grid[1], grid[2]};
  fiber_block.block = {block[0], block[1], block[2]};
  fiber_run_kernel(fiber_kernel_named(name), arguments, dynamic_bytes, 0);
}
}
