// Where the lanes of a warp meet. Source: CUDA C++ Programming Guide, "Warp Vote", "Warp Shuffle", "Warp Reduce".
#pragma once

static inline void fiber_nothing(void **) {}
static inline void fiber_sync_warp(unsigned mask, int line) { fiber_meet(mask, line, "__syncwarp", fiber_current, fiber_nothing); }
static inline void __syncwarp(unsigned mask = 0xffffffffu, int line = __builtin_LINE()) { fiber_sync_warp(mask, line); }

enum FiberShuffle { SHUFFLE_INDEX, SHUFFLE_UP, SHUFFLE_DOWN, SHUFFLE_XOR };

template <class T> struct FiberExchange { T value, result; int kind, argument, width; };

// The lane that a lane reads: its own where the other lies outside its segment of `width` lanes.
static inline int fiber_source(int lane, int kind, int argument, int width) {
  int first = lane & ~(width - 1);
  switch (kind) {
  case SHUFFLE_INDEX:
    return first + (argument & (width - 1));
  case SHUFFLE_UP:
    return lane - argument < first ? lane : lane - argument;
  case SHUFFLE_DOWN:
    return lane + argument >= first + width ? lane : lane + argument;
  default:
    return (lane ^ argument) >= first + width ? lane : lane ^ argument;
  }
}

template <class T> static void fiber_exchange(void **brought) {
  for (int lane = 0; lane < 32; lane++) {
    FiberExchange<T> *to = (FiberExchange<T> *)brought[lane];
    if (to != nullptr) {
      int source = fiber_source(lane, to->kind, to->argument, to->width);
      FiberExchange<T> *from = (FiberExchange<T> *)brought[source];
      if (from == nullptr) {
        fiber_fail("lane %d shuffles from lane %d, which does not take part", lane, source);
      }
      to->result = from->value;
    }
  }
}

template <class T> static inline T fiber_shuffle(unsigned mask, T value, int kind, int argument, int width, int line) {
  FiberExchange<T> exchange = {value, value, kind, argument, width};
  fiber_meet(mask, line, "__shfl_sync", &exchange, fiber_exchange<T>);
  return exchange.result;
}
template <class T> static inline T __shfl_sync(unsigned mask, T value, int lane, int width = 32, int line = __builtin_LINE()) {
  return fiber_shuffle(mask, value, SHUFFLE_INDEX, lane, width, line);
}
template <class T> static inline T __shfl_up_sync(unsigned mask, T value, unsigned by, int width = 32, int line = __builtin_LINE()) {
  return fiber_shuffle(mask, value, SHUFFLE_UP, (int)by, width, line);
}
template <class T> static inline T __shfl_down_sync(unsigned mask, T value, unsigned by, int width = 32, int line = __builtin_LINE()) {
  return fiber_shuffle(mask, value, SHUFFLE_DOWN, (int)by, width, line);
}
template <class T> static inline T __shfl_xor_sync(unsigned mask, T value, int with, int width = 32, int line = __builtin_LINE()) {
  return fiber_shuffle(mask, value, SHUFFLE_XOR, with, width, line);
}

struct FiberVote { unsigned value, result; };

static inline void fiber_ballot(void **brought) {
  unsigned votes = 0;
  for (int lane = 0; lane < 32; lane++) {
    votes |= brought[lane] != nullptr && ((FiberVote *)brought[lane])->value != 0 ? 1u << lane : 0;
  }
  for (int lane = 0; lane < 32; lane++) {
    if (brought[lane] != nullptr) {
      ((FiberVote *)brought[lane])->result = votes;
    }
  }
}
static inline unsigned __ballot_sync(unsigned mask, int predicate, int line = __builtin_LINE()) {
  FiberVote vote = {predicate != 0, 0};
  fiber_meet(mask, line, "__ballot_sync", &vote, fiber_ballot);
  return vote.result;
}
static inline int __any_sync(unsigned mask, int predicate, int line = __builtin_LINE()) {
  return __ballot_sync(mask, predicate, line) != 0;
}
static inline int __all_sync(unsigned mask, int predicate, int line = __builtin_LINE()) {
  return __ballot_sync(mask, !predicate, line) == 0;
}

template <class T> struct FiberReduction { T value, result; };
template <class T, T (*JOIN)(T, T)> static void fiber_reduce(void **brought) {
  T result{};
  bool first = true;
  for (int lane = 0; lane < 32; lane++) {
    if (brought[lane] != nullptr) {
      T value = ((FiberReduction<T> *)brought[lane])->value;
      result = first ? value : JOIN(result, value);
      first = false;
    }
  }
  for (int lane = 0; lane < 32; lane++) {
    if (brought[lane] != nullptr) {
      ((FiberReduction<T> *)brought[lane])->result = result;
    }
  }
}
template <class T> static T fiber_add(T a, T b) { return (T)((unsigned)a + (unsigned)b); }
template <class T> static T fiber_min(T a, T b) { return a < b ? a : b; }
template <class T> static T fiber_max(T a, T b) { return a > b ? a : b; }
#define FIBER_REDUCE(name)                                                                                             \
  template <class T> static inline T __reduce_##name##_sync(unsigned mask, T value, int line = __builtin_LINE()) {     \
    FiberReduction<T> reduction = {value, value};                                                                      \
    fiber_meet(mask, line, "__reduce_" #name "_sync", &reduction, fiber_reduce<T, fiber_##name<T>>);                   \
    return reduction.result;                                                                                           \
  }
FIBER_REDUCE(add)
FIBER_REDUCE(min)
FIBER_REDUCE(max)
