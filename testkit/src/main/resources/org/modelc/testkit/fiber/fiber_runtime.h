// What the runtime's two files share: how a fiber is made and switched to.
#pragma once
// The words of CUDA that fiber.h defines are names of attributes in the system's headers: those come first.
#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <thread>
#include <vector>
#include "fiber.h"

#define FIBER_STACK ((size_t)256 << 10)

extern const char *fiber_kernel_name;

// Of exactly so many bytes, whatever they are, so that a sanitizer sees what goes beyond them.
static inline void *fiber_memory(size_t alignment, size_t bytes) {
  void *result = nullptr;
  if (posix_memalign(&result, alignment, bytes) != 0) {
    fprintf(stderr, "there is no memory for %zu bytes\n", bytes);
    _Exit(2);
  }
  return result;
}

// Null if there is none of the name.
FiberKernel *fiber_kernel_named(const char *name);
// Runs all blocks, one after another; fiber_block says how many.
void fiber_run_kernel(FiberKernel *kernel, void *const *arguments, size_t dynamic_bytes, uint64_t seed);

// Runs one block to its end; fiber_block says which.
void fiber_run_block(void (*body)(const void *), const void *argument, size_t dynamic_bytes, uint64_t seed);

#if defined(__SANITIZE_ADDRESS__)
#define FIBER_UNCHECKED __attribute__((no_sanitize("address")))
extern "C" void __sanitizer_start_switch_fiber(void **save, const void *stack, size_t bytes);
extern "C" void __sanitizer_finish_switch_fiber(void *saved, const void **stack, size_t *bytes);
static inline void fiber_before_switch(void **save, const void *stack, size_t bytes) {
  __sanitizer_start_switch_fiber(save, stack, bytes);
}
static inline void fiber_after_switch(void *saved, const void **stack, size_t *bytes) {
  __sanitizer_finish_switch_fiber(saved, stack, bytes);
}
#else
#define FIBER_UNCHECKED
static inline void fiber_before_switch(void **, const void *, size_t) {}
static inline void fiber_after_switch(void *, const void **, size_t *) {}
#endif

// Leaves the running context in *save and goes on with the other.
extern "C" void fiber_switch(void **save, void *other);
// A context that begins with fiber_entry(), on the stack of this number, kept for the next block.
void *fiber_prepare(int number, void **stack);
void fiber_entry();
