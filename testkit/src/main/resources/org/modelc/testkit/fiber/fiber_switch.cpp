// Contexts: stacks, and how to change from one to another.
#include "fiber_runtime.h"
#ifndef __x86_64__
#include <ucontext.h>
#endif

#ifndef FIBER_THREADS

// A page that nobody may touch below each stack.
static char *new_stack() {
  size_t page = (size_t)16 << 10;
  void *start = mmap(nullptr, page + FIBER_STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (start == MAP_FAILED || mprotect(start, page, PROT_NONE) != 0) {
    perror("no memory for a fiber's stack");
    _Exit(2);
  }
  return (char *)start + page;
}

static char *stack_of(int number) {
  static std::vector<char *> stacks;
  while ((int)stacks.size() <= number) {
    stacks.push_back(new_stack());
  }
  return stacks[number];
}

#ifdef __x86_64__

// Saves what a callee must keep (System V ABI, AMD64 supplement, figure 3.4), changes stacks, restores it.
asm(R"(
.text
.globl fiber_switch
.type fiber_switch,@function
fiber_switch:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size fiber_switch,.-fiber_switch
)");

void *fiber_prepare(int number, void **stack) {
  char *bottom = stack_of(number);
  *stack = bottom;
  // From the top: one empty word in a caller's place, where to begin, six registers. At entry the stack is 8 beside 16.
  void **top = (void **)(bottom + FIBER_STACK) - 2;
  *--top = nullptr;
  *--top = (void *)fiber_entry;
  for (int i = 0; i < 6; i++) {
    *--top = nullptr;
  }
  return top;
}

#else

static ucontext_t *contexts[1025];

extern "C" void fiber_switch(void **save, void *other) {
  ucontext_t here;
  *save = &here;
  swapcontext(&here, (ucontext_t *)other);
}

void *fiber_prepare(int number, void **stack) {
  *stack = stack_of(number);
  if (contexts[number] == nullptr) {
    contexts[number] = new ucontext_t;
  }
  ucontext_t *context = contexts[number];
  getcontext(context);
  context->uc_stack.ss_sp = *stack;
  context->uc_stack.ss_size = FIBER_STACK;
  context->uc_link = nullptr;
  makecontext(context, fiber_entry, 0);
  return context;
}

#endif
#endif
