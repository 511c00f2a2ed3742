// Runs the threads of blocks: as fibers of one thread, in an order that a seed chooses, or with FIBER_THREADS as threads.
#include "fiber_runtime.h"

#ifdef FIBER_THREADS
thread_local FiberThread *fiber_current;
#else
FiberThread *fiber_current;
#endif
FiberBlock fiber_block;
const char *fiber_kernel_name = "";
static void *dynamic_memory;
static int alive;

// The names of the section's ends, which the linker gives; weak for a text without static shared memory.
extern char __start_fiber_shared[] __attribute__((weak));
extern char __stop_fiber_shared[] __attribute__((weak));

void *fiber_dynamic_shared() { return dynamic_memory; }

void fiber_fail(const char *format, ...) {
  fflush(stdout);
  const uint3 &at = fiber_block.index;
  fprintf(stderr, "kernel %s, block (%u, %u, %u)", fiber_kernel_name, at.x, at.y, at.z);
  if (fiber_current != nullptr) {
    const uint3 &index = fiber_current->index;
    fprintf(stderr, ", thread (%u, %u, %u)", index.x, index.y, index.z);
  }
  fprintf(stderr, ": ");
  va_list arguments;
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  fprintf(stderr, "\n");
  fflush(stderr);
  _Exit(3);
}

// What a block finds in its memory: NaN as f32, f64, f16 and bf16.
__attribute__((no_sanitize("address", "thread"))) static void poison(char *from, char *to) {
  for (volatile char *place = from; place < to; place++) {
    *place = (char)0xff;
  }
}

struct Copy { void *to; const void *from; int size, bytes; };
struct FiberCopies { std::vector<Copy> open; std::vector<std::vector<Copy>> groups; };

void fiber_copy(void *shared, const void *global, int size, int bytes) {
  if ((uintptr_t)shared % size != 0 || (bytes > 0 && (uintptr_t)global % size != 0)) {
    fiber_fail("cp.async of %d bytes: an address is not aligned to them", size);
  }
  // It may write from now on; who still reads, or reads too early, shall see it.
  memset(shared, 0xff, size);
  fiber_current->copies->open.push_back({shared, global, size, bytes});
}

void fiber_commit() {
  FiberCopies *copies = fiber_current->copies;
  copies->groups.push_back(std::move(copies->open));
  copies->open.clear();
}

void fiber_wait(int allowed) {
  std::vector<std::vector<Copy>> &groups = fiber_current->copies->groups;
  while ((int)groups.size() > allowed) {
    for (const Copy &copy : groups.front()) {
      memcpy(copy.to, copy.from, copy.bytes);
      memset((char *)copy.to + copy.bytes, 0, copy.size - copy.bytes);
    }
    groups.erase(groups.begin());
  }
}

struct FiberWarp {
  void *brought[32];
  unsigned arrived, mask;
  int line;
  const char *what;
  long generation;
  FiberThread *lanes[32];
#ifdef FIBER_THREADS
  std::mutex mutex;
  std::condition_variable met;
#endif
};

// Notes the current lane's coming; true for the last one.
static bool arrive(FiberWarp *warp, unsigned mask, int line, const char *what, void *brought) {
  int lane = fiber_current->lane;
  if ((mask >> lane & 1) == 0) {
    fiber_fail("line %d: lane %d calls %s with mask %08x, which leaves it out", line, lane, what, mask);
  }
  if (warp->arrived == 0) {
    warp->mask = mask;
    warp->line = line;
    warp->what = what;
  } else if (warp->mask != mask || warp->line != line || strcmp(warp->what, what) != 0) {
    fiber_fail("lanes of a warp meet at %s, line %d, mask %08x, and at %s, line %d, mask %08x", warp->what, warp->line,
               warp->mask, what, line, mask);
  }
  warp->arrived |= 1u << lane;
  warp->brought[lane] = brought;
  unsigned there = 0;
  for (int i = 0; i < 32; i++) {
    there |= warp->lanes[i] != nullptr ? 1u << i : 0;
  }
  return warp->arrived == (strcmp(what, "__syncwarp") == 0 || (mask & ~there) == 0 ? mask & there : mask);
}

static void together(FiberWarp *warp, void (*combine)(void **)) {
  combine(warp->brought);
  memset(warp->brought, 0, sizeof warp->brought);
  warp->arrived = 0;
  warp->generation++;
}

#ifdef FIBER_THREADS

static std::mutex block_mutex;
static std::condition_variable block_met;
static int waiting;
static long block_generation;

void fiber_barrier(int line) {
  std::unique_lock<std::mutex> lock(block_mutex);
  long mine = block_generation;
  if (++waiting == alive) {
    waiting = 0;
    block_generation++;
    block_met.notify_all();
  }
  block_met.wait(lock, [mine] { return block_generation != mine; });
}

void fiber_meet(unsigned mask, int line, const char *what, void *brought, void (*combine)(void **)) {
  FiberWarp *warp = fiber_current->warp;
  std::unique_lock<std::mutex> lock(warp->mutex);
  long mine = warp->generation;
  if (arrive(warp, mask, line, what, brought)) {
    together(warp, combine);
    warp->met.notify_all();
  }
  warp->met.wait(lock, [warp, mine] { return warp->generation != mine; });
}

static void run_threads(std::vector<FiberThread> &threads, void (*body)(const void *), const void *argument, uint64_t) {
  std::vector<std::thread> running;
  for (FiberThread &thread : threads) {
    running.emplace_back([&thread, body, argument] {
      fiber_current = &thread;
      body(argument);
      std::unique_lock<std::mutex> lock(block_mutex);
      if (--alive > 0 && waiting == alive) {
        waiting = 0;
        block_generation++;
        block_met.notify_all();
      }
    });
  }
  for (std::thread &thread : running) {
    thread.join();
  }
}

#else

enum State { READY, AT_BARRIER, AT_WARP, ENDED };

static void *scheduler_context;
static void *scheduler_fake_stack;
static const void *scheduler_stack;
static size_t scheduler_stack_bytes;
static void (*fiber_body)(const void *);
static const void *fiber_argument;

static void leave(bool for_good) {
  FiberThread *self = fiber_current;
  fiber_before_switch(for_good ? nullptr : &self->fake_stack, scheduler_stack, scheduler_stack_bytes);
  fiber_switch(&self->context, scheduler_context);
  fiber_after_switch(self->fake_stack, nullptr, nullptr);
}

void fiber_barrier(int line) {
  fiber_current->state = AT_BARRIER;
  fiber_current->line = line;
  leave(false);
}

void fiber_meet(unsigned mask, int line, const char *what, void *brought, void (*combine)(void **)) {
  FiberWarp *warp = fiber_current->warp;
  if (arrive(warp, mask, line, what, brought)) {
    unsigned who = warp->arrived;
    together(warp, combine);
    for (int lane = 0; lane < 32; lane++) {
      if (who >> lane & 1) {
        warp->lanes[lane]->state = READY;
      }
    }
    return;
  }
  fiber_current->state = AT_WARP;
  fiber_current->line = line;
  leave(false);
}

FIBER_UNCHECKED void fiber_entry() {
  fiber_after_switch(nullptr, &scheduler_stack, &scheduler_stack_bytes);
  fiber_body(fiber_argument);
  fiber_current->state = ENDED;
  leave(true);
  __builtin_trap();
}

static void resume(FiberThread *thread) {
  fiber_current = thread;
  fiber_before_switch(&scheduler_fake_stack, thread->stack, FIBER_STACK);
  fiber_switch(&scheduler_context, thread->context);
  fiber_after_switch(scheduler_fake_stack, nullptr, nullptr);
  fiber_current = nullptr;
}

// All that live wait: for each other, or in vain.
static void open_barrier(std::vector<FiberThread> &threads) {
  FiberThread *first = nullptr;
  for (FiberThread &thread : threads) {
    if (thread.state == AT_WARP) {
      fiber_current = &thread;
      fiber_fail("waits in line %d (%s, mask %08x) for lanes that never come (came: %08x)", thread.line,
                 thread.warp->what, thread.warp->mask, thread.warp->arrived);
    }
    if (thread.state == AT_BARRIER) {
      first = first == nullptr ? &thread : first;
      if (thread.line != first->line) {
        fiber_current = &thread;
        fiber_fail("divergent barriers: this thread waits in line %d, thread %d in line %d", thread.line, first->number,
                   first->line);
      }
      thread.state = READY;
    }
  }
}

static uint64_t next_random(uint64_t &state) {
  state = state * 6364136223846793005u + 1442695040888963407u;
  return state >> 33;
}

// Seed 0 runs threads in their order; others shuffle warps and go through lanes upwards or downwards.
static std::vector<FiberThread *> order(std::vector<FiberThread> &threads, uint64_t seed) {
  std::vector<FiberThread *> result;
  std::vector<int> warps;
  for (size_t first = 0; first < threads.size(); first += 32) {
    warps.push_back((int)first);
  }
  uint64_t state = seed;
  for (size_t i = warps.size() - 1; seed != 0 && i > 0; i--) {
    std::swap(warps[i], warps[next_random(state) % (i + 1)]);
  }
  for (int first : warps) {
    int lanes = (int)std::min<size_t>(32, threads.size() - first);
    bool down = seed != 0 && next_random(state) % 2 == 1;
    for (int lane = 0; lane < lanes; lane++) {
      result.push_back(&threads[first + (down ? lanes - 1 - lane : lane)]);
    }
  }
  return result;
}

static void run_threads(std::vector<FiberThread> &threads, void (*body)(const void *), const void *argument,
                        uint64_t seed) {
  fiber_body = body;
  fiber_argument = argument;
  for (FiberThread &thread : threads) {
    thread.context = fiber_prepare(thread.number, &thread.stack);
  }
  std::vector<FiberThread *> sequence = order(threads, seed);
  int ended = 0;
  while (ended < (int)threads.size()) {
    bool progressed = false;
    for (FiberThread *thread : sequence) {
      while (thread->state == READY) {
        progressed = true;
        resume(thread);
        ended += thread->state == ENDED;
      }
    }
    if (!progressed) {
      open_barrier(threads);
    }
  }
}

#endif

void fiber_run_block(void (*body)(const void *), const void *argument, size_t dynamic_bytes, uint64_t seed) {
  int count = (int)(fiber_block.block.x * fiber_block.block.y * fiber_block.block.z);
  std::vector<FiberThread> threads(count);
  std::vector<FiberWarp> warps((count + 31) / 32);
  std::vector<FiberCopies> copies(count);
  for (int i = 0; i < count; i++) {
    unsigned x = fiber_block.block.x, y = fiber_block.block.y;
    uint3 index = {i % x, i / x % y, i / (x * y)};
    threads[i] = {index, i, i % 32, &warps[i / 32], 0, 0, nullptr, nullptr, nullptr, &copies[i]};
    warps[i / 32].lanes[i % 32] = &threads[i];
  }
  poison(__start_fiber_shared, __stop_fiber_shared);
  dynamic_memory = fiber_memory(256, dynamic_bytes);
  poison((char *)dynamic_memory, (char *)dynamic_memory + dynamic_bytes);
  alive = count;
  run_threads(threads, body, argument, seed);
  free(dynamic_memory);
}
