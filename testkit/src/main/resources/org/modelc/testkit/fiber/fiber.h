// CUDA C++ for an ordinary compiler: what header-free device text finds without an include.
//
// A launch runs block by block. The threads of a block are fibers that switch at barriers and where lanes of a warp meet
// (fiber.cpp), or with FIBER_THREADS real threads, for ThreadSanitizer. docs/decisions/0610-cuda-verification.md tells
// what emitted text must keep to. Source: CUDA C++ Programming Guide, "C++ Language Extensions".
#pragma once
#include <math.h>
#include <stdint.h>
#include <string.h>
#include <utility>

#define __global__
#define __device__
#define __host__
#define __constant__ static
#define __forceinline__ inline __attribute__((always_inline))
#define __noinline__ __attribute__((noinline))
#define __align__(bytes) __attribute__((aligned(bytes)))
#define __launch_bounds__(...)
#define __grid_constant__
#define __builtin_assume(condition) ((void)0)
// One block runs at a time, so its static memory is the process's. The runtime fills the section before each block.
#define __shared__ static __attribute__((section("fiber_shared")))

struct uint3 { unsigned int x, y, z; };
struct dim3 { unsigned int x, y, z; };

struct FiberWarp;

// One thread of the block that runs.
struct FiberThread {
  uint3 index;
  int number, lane;
  FiberWarp *warp;
  int state, line;
  void *context, *stack, *fake_stack;
  struct FiberCopies *copies;
};

struct FiberBlock { dim3 grid, block; uint3 index; };

#ifdef FIBER_THREADS
extern thread_local FiberThread *fiber_current;
#else
extern FiberThread *fiber_current;
#endif
extern FiberBlock fiber_block;

#define threadIdx (fiber_current->index)
#define blockIdx (fiber_block.index)
#define blockDim (fiber_block.block)
#define gridDim (fiber_block.grid)
#define warpSize 32

// Waits for all threads of the block that have not ended.
void fiber_barrier(int line);
// The block's dynamic memory; `extern __shared__ T name[];` within a function becomes a pointer to it.
void *fiber_dynamic_shared();
// Ends the process, naming kernel, block and thread.
[[noreturn]] void fiber_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
// Waits for the lanes of the mask; the last to come runs `combine` on what all brought (by lane; null outside the mask).
void fiber_meet(unsigned mask, int line, const char *what, void *brought, void (*combine)(void **brought));

#define __syncthreads() fiber_barrier(__builtin_LINE())
#define __threadfence() __atomic_thread_fence(__ATOMIC_SEQ_CST)
#define __threadfence_block() __atomic_thread_fence(__ATOMIC_SEQ_CST)
#define __trap() fiber_fail("the kernel called __trap()")

#include "fiber_math.h"
#include "fiber_warp.h"
#include "fiber_tensor.h"

// What calls a kernel with the addresses of its arguments, as cuLaunchKernel has them.
struct FiberKernel {
  const char *name;
  void (*call)(void *const *arguments);
  int count;
  const int *sizes;
  FiberKernel *next;
  FiberKernel(const char *name, void (*call)(void *const *), int count, const int *sizes);
};

template <class Function> struct FiberCall;
template <class... P> struct FiberCall<void (*)(P...)> {
  static constexpr int COUNT = sizeof...(P);
  static constexpr int SIZES[] = {int(sizeof(P))..., 0};
  template <size_t... I> static void apply(void (*kernel)(P...), void *const *arguments, std::index_sequence<I...>) {
    kernel(*(std::remove_const_t<P> *)arguments[I]...);
  }
  template <void (*KERNEL)(P...)> static void run(void *const *arguments) {
    apply(KERNEL, arguments, std::index_sequence_for<P...>{});
  }
};

#define FIBER_KERNEL(name)                                                                                             \
  static FiberKernel fiber_kernel_##name(#name, &FiberCall<decltype(&name)>::run<&name>,                               \
                                         FiberCall<decltype(&name)>::COUNT, FiberCall<decltype(&name)>::SIZES);
