// Functions of device code that C++ lacks. Source: CUDA Math API, "Intrinsics"; the approximate ones are exact here.
#pragma once

template <class To, class From> static inline To fiber_bits(From value) {
  static_assert(sizeof(To) == sizeof(From), "bits of one width");
  To result;
  memcpy(&result, &value, sizeof result);
  return result;
}

#define FIBER_VECTOR(type, name)                                                                                       \
  struct __attribute__((aligned(2 * sizeof(type)))) name##2 { type x, y; };                                            \
  struct __attribute__((aligned(4 * sizeof(type) < 16 ? 4 * sizeof(type) : 16))) name##4 { type x, y, z, w; };         \
  static inline name##2 make_##name##2(type x, type y) { return {x, y}; }                                              \
  static inline name##4 make_##name##4(type x, type y, type z, type w) { return {x, y, z, w}; }
FIBER_VECTOR(float, float)
FIBER_VECTOR(double, double)
FIBER_VECTOR(int, int)
FIBER_VECTOR(unsigned int, uint)
FIBER_VECTOR(short, short)
FIBER_VECTOR(unsigned short, ushort)
FIBER_VECTOR(signed char, char)
FIBER_VECTOR(unsigned char, uchar)
FIBER_VECTOR(long long, longlong)
FIBER_VECTOR(unsigned long long, ulonglong)

static inline int __float_as_int(float value) { return fiber_bits<int>(value); }
static inline unsigned __float_as_uint(float value) { return fiber_bits<unsigned>(value); }
static inline float __int_as_float(int bits) { return fiber_bits<float>(bits); }
static inline float __uint_as_float(unsigned bits) { return fiber_bits<float>(bits); }
static inline long long __double_as_longlong(double value) { return fiber_bits<long long>(value); }
static inline double __longlong_as_double(long long bits) { return fiber_bits<double>(bits); }

static inline float __fmaf_rn(float a, float b, float c) { return fmaf(a, b, c); }
static inline float __fmul_rn(float a, float b) { return a * b; }
static inline float __fadd_rn(float a, float b) { return a + b; }
static inline float __fsub_rn(float a, float b) { return a - b; }
static inline float __fdiv_rn(float a, float b) { return a / b; }
static inline float __frcp_rn(float a) { return 1.0f / a; }
static inline float __fsqrt_rn(float a) { return sqrtf(a); }
static inline float __frsqrt_rn(float a) { return (float)(1.0 / sqrt((double)a)); }
static inline double __fma_rn(double a, double b, double c) { return fma(a, b, c); }
static inline double __dmul_rn(double a, double b) { return a * b; }
static inline double __dadd_rn(double a, double b) { return a + b; }
static inline double __dsub_rn(double a, double b) { return a - b; }
static inline double __ddiv_rn(double a, double b) { return a / b; }
static inline double __drcp_rn(double a) { return 1.0 / a; }
static inline double __dsqrt_rn(double a) { return sqrt(a); }
static inline float rsqrtf(float a) { return (float)(1.0 / sqrt((double)a)); }
static inline double rsqrt(double a) { return 1.0 / sqrt(a); }
// The C library has other functions of these names.
#define __expf expf
#define __exp10f exp10f
#define __logf logf
#define __log2f log2f
#define __sinf sinf
#define __cosf cosf
#define __powf powf
static inline float __fdividef(float a, float b) { return a / b; }
static inline float __saturatef(float a) { return a >= 0.0f ? (a < 1.0f ? a : 1.0f) : 0.0f; }

static inline int min(int a, int b) { return a < b ? a : b; }
static inline int max(int a, int b) { return a > b ? a : b; }
static inline unsigned min(unsigned a, unsigned b) { return a < b ? a : b; }
static inline unsigned max(unsigned a, unsigned b) { return a > b ? a : b; }
static inline long long min(long long a, long long b) { return a < b ? a : b; }
static inline long long max(long long a, long long b) { return a > b ? a : b; }
static inline float min(float a, float b) { return fminf(a, b); }
static inline float max(float a, float b) { return fmaxf(a, b); }
static inline double min(double a, double b) { return fmin(a, b); }
static inline double max(double a, double b) { return fmax(a, b); }

// Out of range saturates and NaN is 0, as cvt does; C++ leaves both undefined.
template <class Int> static inline Int fiber_integer(double rounded) {
  const double low = (double)(Int)((Int)-1 < 0 ? (Int)1 << (8 * sizeof(Int) - 1) : 0);
  const double end = ((Int)-1 < 0 ? 1.0 : 2.0) * ldexp(1.0, 8 * sizeof(Int) - 1);
  if (rounded != rounded) {
    return 0;
  }
  return rounded < low ? (Int)low : rounded >= end ? (Int)~(Int)low : (Int)rounded;
}
#define FIBER_TO_INTEGER(from, type, tag, Int)                                                                         \
  static inline Int __##from##2##tag##_rn(type a) { return fiber_integer<Int>(rint(a)); }                              \
  static inline Int __##from##2##tag##_rz(type a) { return fiber_integer<Int>(trunc(a)); }                             \
  static inline Int __##from##2##tag##_rd(type a) { return fiber_integer<Int>(floor(a)); }                             \
  static inline Int __##from##2##tag##_ru(type a) { return fiber_integer<Int>(ceil(a)); }
FIBER_TO_INTEGER(float, float, int, int)
FIBER_TO_INTEGER(float, float, ll, long long)
FIBER_TO_INTEGER(double, double, int, int)
FIBER_TO_INTEGER(double, double, ll, long long)
static inline unsigned __float2uint_rn(float a) { return (unsigned)fiber_integer<long long>(fmin(fmax(rint(a), 0), 4294967295.0)); }
static inline unsigned __float2uint_rz(float a) { return (unsigned)fiber_integer<long long>(fmin(fmax(trunc(a), 0), 4294967295.0)); }
static inline float __int2float_rn(int a) { return (float)a; }
static inline float __uint2float_rn(unsigned a) { return (float)a; }
static inline float __ll2float_rn(long long a) { return (float)a; }
static inline double __int2double_rn(int a) { return a; }
static inline double __ll2double_rn(long long a) { return (double)a; }
static inline float __double2float_rn(double a) { return (float)a; }

static inline int __popc(unsigned a) { return __builtin_popcount(a); }
static inline int __popcll(unsigned long long a) { return __builtin_popcountll(a); }
static inline int __clz(int a) { return a == 0 ? 32 : __builtin_clz((unsigned)a); }
static inline int __clzll(long long a) { return a == 0 ? 64 : __builtin_clzll((unsigned long long)a); }
static inline int __ffs(int a) { return __builtin_ffs(a); }
static inline int __mulhi(int a, int b) { return (int)(((long long)a * b) >> 32); }
static inline unsigned __umulhi(unsigned a, unsigned b) { return (unsigned)(((unsigned long long)a * b) >> 32); }
static inline unsigned long long __umul64hi(unsigned long long a, unsigned long long b) {
  return (unsigned long long)(((unsigned __int128)a * b) >> 64);
}
static inline unsigned __brev(unsigned a) {
  unsigned result = 0;
  for (int i = 0; i < 32; i++) {
    result |= (a >> i & 1) << (31 - i);
  }
  return result;
}
static inline unsigned __byte_perm(unsigned a, unsigned b, unsigned selector) {
  unsigned long long bytes = (unsigned long long)b << 32 | a;
  unsigned result = 0;
  for (int i = 0; i < 4; i++) {
    result |= (unsigned)(bytes >> (selector >> 4 * i & 7) * 8 & 255) << 8 * i;
  }
  return result;
}
static inline unsigned __funnelshift_l(unsigned low, unsigned high, unsigned by) {
  return (unsigned)((((unsigned long long)high << 32 | low) << (by & 31)) >> 32);
}
static inline unsigned __funnelshift_r(unsigned low, unsigned high, unsigned by) {
  return (unsigned)(((unsigned long long)high << 32 | low) >> (by & 31));
}
static inline int __dp4a(int a, int b, int sum) {
  for (int i = 0; i < 4; i++) {
    sum += (int)(signed char)(a >> 8 * i) * (int)(signed char)(b >> 8 * i);
  }
  return sum;
}

template <class T> static inline T __ldg(const T *place) { return *place; }
template <class T> static inline T __ldcs(const T *place) { return *place; }
template <class T> static inline T __ldcg(const T *place) { return *place; }
template <class T> static inline void __stcs(T *place, T value) { *place = value; }
template <class T> static inline void __stcg(T *place, T value) { *place = value; }

template <class T> static inline T atomicAdd(T *place, T value) { return __atomic_fetch_add(place, value, __ATOMIC_SEQ_CST); }
template <class T> static inline T atomicOr(T *place, T value) { return __atomic_fetch_or(place, value, __ATOMIC_SEQ_CST); }
template <class T> static inline T atomicAnd(T *place, T value) { return __atomic_fetch_and(place, value, __ATOMIC_SEQ_CST); }
template <class T> static inline T atomicExch(T *place, T value) { return __atomic_exchange_n(place, value, __ATOMIC_SEQ_CST); }
template <class T> static inline T atomicCAS(T *place, T expected, T value) {
  __atomic_compare_exchange_n(place, &expected, value, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
  return expected;
}
template <class T> static inline T atomicMax(T *place, T value) {
  T old = *place;
  while (old < value && !__atomic_compare_exchange_n(place, &old, value, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
  }
  return old;
}
template <class T> static inline T atomicMin(T *place, T value) {
  T old = *place;
  while (value < old && !__atomic_compare_exchange_n(place, &old, value, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
  }
  return old;
}
