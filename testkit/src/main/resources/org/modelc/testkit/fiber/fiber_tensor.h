// Stand-ins for the functions whose device bodies are inline PTX: matrix multiply-add, asynchronous copies.
//
// Fragment layouts are those of the tables in the PTX ISA, "Matrix Fragments for mma.mXnYkZ", as an element's row and
// column from its lane's group (lane / 4), its place in the group (lane % 4) and its number in the lane.
#pragma once

struct FiberPlace { int row, column; };

// Left factor of m16n8k8, .tf32 (one element a register).
static inline FiberPlace fiber_left_tf32(int group, int place, int i) {
  return {i == 0 || i == 2 ? group : group + 8, i < 2 ? place : place + 4};
}
static inline FiberPlace fiber_right_tf32(int group, int place, int i) { return {i == 0 ? place : place + 4, group}; }

// m16n8k16, .f16 and .bf16 (two elements a register).
static inline FiberPlace fiber_left_half(int group, int place, int i) {
  bool upper = (0 <= i && i < 2) || (4 <= i && i < 6);
  return {upper ? group : group + 8, place * 2 + (i & 1) + (i < 4 ? 0 : 8)};
}
static inline FiberPlace fiber_right_half(int group, int place, int i) {
  return {place * 2 + (i & 1) + (i < 2 ? 0 : 8), group};
}

// m16n8k8, .f16 and .bf16.
static inline FiberPlace fiber_left_half_short(int group, int place, int i) {
  return {i < 2 ? group : group + 8, place * 2 + (i & 1)};
}
static inline FiberPlace fiber_right_half_short(int group, int place, int i) { return {place * 2 + i, group}; }

// m16n8k32, .s8 (four elements a register).
static inline FiberPlace fiber_left_byte(int group, int place, int i) {
  bool upper = (0 <= i && i < 4) || (8 <= i && i < 12);
  return {upper ? group : group + 8, place * 4 + (i & 3) + (i < 8 ? 0 : 16)};
}
static inline FiberPlace fiber_right_byte(int group, int place, int i) {
  return {place * 4 + (i & 3) + (i < 4 ? 0 : 16), group};
}

// m8n8k16, .s8, the only one that compute capability 7.5 has for bytes besides m8n8k32's.
static inline FiberPlace fiber_left_byte_small(int group, int place, int i) { return {group, place * 4 + i}; }
static inline FiberPlace fiber_right_byte_small(int group, int place, int i) { return {place * 4 + i, group}; }

// The sums of all shapes of 16 rows, and of 8.
static inline FiberPlace fiber_sum(int group, int place, int i) {
  return {i < 2 ? group : group + 8, place * 2 + (i & 1)};
}
static inline FiberPlace fiber_sum_small(int group, int place, int i) { return {group, place * 2 + i}; }

static inline double fiber_from_half(unsigned bits) {
  int exponent = bits >> 10 & 31, fraction = bits & 1023;
  double magnitude = exponent == 31 ? (fraction != 0 ? NAN : INFINITY)
                     : exponent == 0 ? ldexp(fraction, -24)
                                     : ldexp(1024 + fraction, exponent - 25);
  return bits & 0x8000 ? -magnitude : magnitude;
}

// The nearest half, ties to even, as cvt.rn.f16.f32 gives it.
static inline unsigned short half_of_float(float x) {
  double size = fabs((double)x);
  unsigned sign = signbit(x) ? 0x8000 : 0;
  if (x != x) {
    return 0x7fff;
  }
  if (size >= 65520) {
    return sign | 0x7c00;
  }
  int exponent = size < ldexp(1, -14) ? -14 : ilogb(size);
  // A carry out of the fraction goes into the exponent by itself; subnormals have exponent 0.
  return sign | ((unsigned)rint(ldexp(size, 10 - exponent)) + ((exponent + 14) << 10));
}
static inline float float_of_half(unsigned short half) { return (float)fiber_from_half(half); }

struct FiberTf32 {
  enum { PACKED = 1 };
  typedef double Wide;
  // The hardware reads the upper 19 bits.
  static double get(unsigned bits, int) { return __uint_as_float(bits & 0xffffe000u); }
};
struct FiberBfloat {
  enum { PACKED = 2 };
  typedef double Wide;
  static double get(unsigned bits, int i) { return __uint_as_float((bits >> 16 * i) << 16); }
};
struct FiberHalf {
  enum { PACKED = 2 };
  typedef double Wide;
  static double get(unsigned bits, int i) { return fiber_from_half(bits >> 16 * i & 0xffff); }
};
struct FiberByte {
  enum { PACKED = 4 };
  typedef long long Wide;
  static long long get(unsigned bits, int i) { return (signed char)(bits >> 8 * i); }
};

template <class Sum> struct FiberProduct { Sum *d; const unsigned *a, *b; const Sum *c; };

typedef FiberPlace FiberLayout(int group, int place, int i);

// The sums that a lane has are exact until they are rounded once (hardware rounds more often, in no documented way).
template <class Type, class Sum, int M, int K, int A, int B, int C, FiberLayout LEFT, FiberLayout RIGHT, FiberLayout SUM>
static void fiber_multiply(void **brought) {
  static_assert(A * Type::PACKED * 32 == M * K && B * Type::PACKED * 32 == K * 8 && C * 32 == M * 8, "fragments");
  typename Type::Wide left[M][K], right[K][8], sum[M][8];
  for (int lane = 0; lane < 32; lane++) {
    FiberProduct<Sum> *product = (FiberProduct<Sum> *)brought[lane];
    for (int i = 0; i < A * Type::PACKED; i++) {
      FiberPlace at = LEFT(lane / 4, lane % 4, i);
      left[at.row][at.column] = Type::get(product->a[i / Type::PACKED], i % Type::PACKED);
    }
    for (int i = 0; i < B * Type::PACKED; i++) {
      FiberPlace at = RIGHT(lane / 4, lane % 4, i);
      right[at.row][at.column] = Type::get(product->b[i / Type::PACKED], i % Type::PACKED);
    }
  }
  for (int row = 0; row < M; row++) {
    for (int column = 0; column < 8; column++) {
      sum[row][column] = 0;
      for (int k = 0; k < K; k++) {
        sum[row][column] += left[row][k] * right[k][column];
      }
    }
  }
  for (int lane = 0; lane < 32; lane++) {
    FiberProduct<Sum> *product = (FiberProduct<Sum> *)brought[lane];
    for (int i = 0; i < C; i++) {
      FiberPlace at = SUM(lane / 4, lane % 4, i);
      product->d[i] = (Sum)(product->c[i] + sum[at.row][at.column]);
    }
  }
}

// d = a b + c; d may be c. All 32 lanes take part.
#define FIBER_MMA(name, Type, Sum, M, K, A, B, C, LEFT, RIGHT, SUM)                                                    \
  static inline void mma_##name(Sum (&d)[C], const unsigned (&a)[A], const unsigned (&b)[B], const Sum (&c)[C],        \
                                int line = __builtin_LINE()) {                                                         \
    FiberProduct<Sum> product = {d, a, b, c};                                                                          \
    fiber_meet(0xffffffffu, line, "mma_" #name, &product,                                                              \
               fiber_multiply<Type, Sum, M, K, A, B, C, LEFT, RIGHT, SUM>);                                            \
  }
FIBER_MMA(m16n8k8_tf32, FiberTf32, float, 16, 8, 4, 2, 4, fiber_left_tf32, fiber_right_tf32, fiber_sum)
FIBER_MMA(m16n8k16_bf16, FiberBfloat, float, 16, 16, 4, 2, 4, fiber_left_half, fiber_right_half, fiber_sum)
FIBER_MMA(m16n8k16_f16, FiberHalf, float, 16, 16, 4, 2, 4, fiber_left_half, fiber_right_half, fiber_sum)
FIBER_MMA(m16n8k8_bf16, FiberBfloat, float, 16, 8, 2, 1, 4, fiber_left_half_short, fiber_right_half_short, fiber_sum)
FIBER_MMA(m16n8k8_f16, FiberHalf, float, 16, 8, 2, 1, 4, fiber_left_half_short, fiber_right_half_short, fiber_sum)
FIBER_MMA(m16n8k32_s8, FiberByte, int, 16, 32, 4, 2, 4, fiber_left_byte, fiber_right_byte, fiber_sum)
FIBER_MMA(m8n8k16_s8, FiberByte, int, 8, 16, 1, 1, 2, fiber_left_byte_small, fiber_right_byte_small, fiber_sum_small)

// ldmatrix: lanes 8i to 8i + 7 bring the addresses of the rows of matrix i, eight elements of 16 bits each; a lane gets
// elements 2 (lane % 4) and the next of row lane / 4, or, transposed, of column lane / 4.
template <int COUNT> struct FiberMatrices { const void *row; unsigned *result; bool transposed; };
template <int COUNT> static void fiber_load_matrices(void **brought) {
  for (int i = 0; i < COUNT; i++) {
    unsigned short elements[8][8];
    for (int row = 0; row < 8; row++) {
      const void *from = ((FiberMatrices<COUNT> *)brought[8 * i + row])->row;
      if ((uintptr_t)from % 16 != 0) {
        fiber_fail("ldmatrix: row %d of matrix %d is not aligned to 16 bytes", row, i);
      }
      memcpy(elements[row], from, 16);
    }
    for (int lane = 0; lane < 32; lane++) {
      FiberMatrices<COUNT> *to = (FiberMatrices<COUNT> *)brought[lane];
      int first = 2 * (lane % 4), other = lane / 4;
      unsigned low = to->transposed ? elements[first][other] : elements[other][first];
      unsigned high = to->transposed ? elements[first + 1][other] : elements[other][first + 1];
      to->result[i] = high << 16 | low;
    }
  }
}
#define FIBER_LDMATRIX(name, COUNT, TRANSPOSED)                                                                        \
  static inline void ldmatrix_##name(unsigned (&result)[COUNT], const void *row, int line = __builtin_LINE()) {        \
    FiberMatrices<COUNT> matrices = {row, result, TRANSPOSED};                                                         \
    fiber_meet(0xffffffffu, line, "ldmatrix_" #name, &matrices, fiber_load_matrices<COUNT>);                           \
  }
FIBER_LDMATRIX(x1, 1, false)
FIBER_LDMATRIX(x2, 2, false)
FIBER_LDMATRIX(x4, 4, false)
FIBER_LDMATRIX(x1_trans, 1, true)
FIBER_LDMATRIX(x2_trans, 2, true)
FIBER_LDMATRIX(x4_trans, 4, true)

// A copy spoils its target when it begins and brings the bytes as late as it may, when a wait asks for its group.
void fiber_copy(void *shared, const void *global, int size, int bytes);
void fiber_commit();
void fiber_wait(int groups);
// `size` bytes, of which the first `bytes` come from global memory and the rest are zero.
static inline void cp_async_4(void *shared, const void *global, int bytes = 4) { fiber_copy(shared, global, 4, bytes); }
static inline void cp_async_8(void *shared, const void *global, int bytes = 8) { fiber_copy(shared, global, 8, bytes); }
static inline void cp_async_16(void *shared, const void *global, int bytes = 16) { fiber_copy(shared, global, 16, bytes); }
static inline void cp_async_commit() { fiber_commit(); }
template <int GROUPS> static inline void cp_async_wait() { fiber_wait(GROUPS); }
static inline void cp_async_wait_all() { fiber_commit(); fiber_wait(0); }
