// The kernels of a text, and how one is run.
#include "fiber_runtime.h"

static FiberKernel *kernels;

FiberKernel::FiberKernel(const char *name, void (*call)(void *const *), int count, const int *sizes)
    : name(name), call(call), count(count), sizes(sizes), next(kernels) {
  kernels = this;
}

FiberKernel *fiber_kernel_named(const char *name) {
  FiberKernel *kernel = kernels;
  while (kernel != nullptr && strcmp(kernel->name, name) != 0) {
    kernel = kernel->next;
  }
  return kernel;
}

struct Body { FiberKernel *kernel; void *const *arguments; };

static void call(const void *body) {
  const Body *what = (const Body *)body;
  what->kernel->call(what->arguments);
}

void fiber_run_kernel(FiberKernel *kernel, void *const *arguments, size_t dynamic_bytes, uint64_t seed) {
  Body body = {kernel, arguments};
  uint3 &at = fiber_block.index;
  fiber_kernel_name = kernel->name;
  for (at.z = 0; at.z < fiber_block.grid.z; at.z++) {
    for (at.y = 0; at.y < fiber_block.grid.y; at.y++) {
      for (at.x = 0; at.x < fiber_block.grid.x; at.x++) {
        fiber_run_block(call, &body, dynamic_bytes, seed);
      }
    }
  }
}
