// Device functions of generated programs, in an order that defines before it uses.
//# bf16:
// The upper half of a float.
struct bf16 {
  unsigned short bits;
};
//# f16:
// Binary16 of IEEE 754.
struct f16 {
  unsigned short bits;
};
//# bits:
static __device__ inline int bits(float x) {
  union { float number; int bits; } both;
  both.number = x;
  return both.bits;
}
static __device__ inline long long bits(double x) {
  union { double number; long long bits; } both;
  both.number = x;
  return both.bits;
}
//# from_bits:
static __device__ inline float from_bits(int x) {
  union { int bits; float number; } both;
  both.bits = x;
  return both.number;
}
static __device__ inline double from_bits(long long x) {
  union { long long bits; double number; } both;
  both.bits = x;
  return both.number;
}
//# widen_bf16: bf16 from_bits
static __device__ inline float widen_bf16(bf16 x) {
  return from_bits((int) ((unsigned) x.bits << 16));
}
//# narrow_bf16: bf16 bits
// The nearest bf16, ties to even; NaN stays NaN.
static __device__ inline bf16 narrow_bf16(float x) {
  const unsigned whole = (unsigned) bits(x);
  const unsigned high = whole >> 16;
  bf16 result;
  result.bits = (unsigned short) (x != x ? high | 0x40u : (whole + 0x7fffu + (high & 1u)) >> 16);
  return result;
}
//# rounded_bf16: widen_bf16 narrow_bf16
// The nearest number that bf16 has.
static __device__ inline float rounded_bf16(float x) {
  return widen_bf16(narrow_bf16(x));
}
//# convert_half:
#ifdef __CUDA_ARCH__
// To nearest, ties to even; 65,520 and more are infinite, NaN becomes 0x7fff.
static __device__ __forceinline__ unsigned short half_of_float(float x) {
  unsigned short half;
  asm("cvt.rn.f16.f32 %0, %1;" : "=h"(half) : "f"(x));
  return half;
}
static __device__ __forceinline__ float float_of_half(unsigned short half) {
  float x;
  asm("cvt.f32.f16 %0, %1;" : "=f"(x) : "h"(half));
  return x;
}
#endif
//# widen_f16: f16 convert_half
static __device__ inline float widen_f16(f16 x) {
  return float_of_half(x.bits);
}
//# narrow_f16: f16 convert_half
static __device__ inline f16 narrow_f16(float x) {
  f16 result;
  result.bits = half_of_float(x);
  return result;
}
//# rounded_f16: convert_half
// The nearest number that f16 has.
static __device__ inline float rounded_f16(float x) {
  return float_of_half(half_of_float(x));
}
//# add:
// Integers wrap, which C++ says of unsigned ones alone.
static __device__ inline int add(int a, int b) {
  return (int) ((unsigned) a + (unsigned) b);
}
static __device__ inline long long add(long long a, long long b) {
  return (long long) ((unsigned long long) a + (unsigned long long) b);
}
//# subtract:
static __device__ inline int subtract(int a, int b) {
  return (int) ((unsigned) a - (unsigned) b);
}
static __device__ inline long long subtract(long long a, long long b) {
  return (long long) ((unsigned long long) a - (unsigned long long) b);
}
//# multiply:
static __device__ inline int multiply(int a, int b) {
  return (int) ((unsigned) a * (unsigned) b);
}
static __device__ inline long long multiply(long long a, long long b) {
  return (long long) ((unsigned long long) a * (unsigned long long) b);
}
//# divide: subtract
// By 0 it gives the dividend; the least number by -1 wraps.
static __device__ inline int divide(int a, int b) {
  return b == 0 ? a : b == -1 ? subtract(0, a) : a / b;
}
static __device__ inline long long divide(long long a, long long b) {
  return b == 0 ? a : b == -1 ? subtract(0LL, a) : a / b;
}
//# remainder_of:
static __device__ inline int remainder_of(int a, int b) {
  return b == 0 || b == -1 ? 0 : a % b;
}
static __device__ inline long long remainder_of(long long a, long long b) {
  return b == 0 || b == -1 ? 0 : a % b;
}
static __device__ inline float remainder_of(float a, float b) {
  return fmodf(a, b);
}
static __device__ inline double remainder_of(double a, double b) {
  return fmod(a, b);
}
//# shift_left:
static __device__ inline int shift_left(int a, int count) {
  return (int) ((unsigned) a << (count & 31));
}
static __device__ inline long long shift_left(long long a, long long count) {
  return (long long) ((unsigned long long) a << (count & 63));
}
//# shift_right:
static __device__ inline int shift_right(int a, int count) {
  return a >> (count & 31);
}
static __device__ inline long long shift_right(long long a, long long count) {
  return a >> (count & 63);
}
//# shift_right_unsigned:
static __device__ inline int shift_right_unsigned(int a, int count) {
  return (int) ((unsigned) a >> (count & 31));
}
static __device__ inline long long shift_right_unsigned(long long a, long long count) {
  return (long long) ((unsigned long long) a >> (count & 63));
}
//# minimum: bits from_bits
// NaN if an operand is; -0 lies below 0.
static __device__ inline float minimum(float a, float b) {
  return a != a || b != b ? a + b : a == b ? from_bits(bits(a) | bits(b)) : a < b ? a : b;
}
static __device__ inline double minimum(double a, double b) {
  return a != a || b != b ? a + b : a == b ? from_bits(bits(a) | bits(b)) : a < b ? a : b;
}
static __device__ inline int minimum(int a, int b) {
  return a < b ? a : b;
}
static __device__ inline long long minimum(long long a, long long b) {
  return a < b ? a : b;
}
//# maximum: bits from_bits
static __device__ inline float maximum(float a, float b) {
  return a != a || b != b ? a + b : a == b ? from_bits(bits(a) & bits(b)) : a > b ? a : b;
}
static __device__ inline double maximum(double a, double b) {
  return a != a || b != b ? a + b : a == b ? from_bits(bits(a) & bits(b)) : a > b ? a : b;
}
static __device__ inline int maximum(int a, int b) {
  return a > b ? a : b;
}
static __device__ inline long long maximum(long long a, long long b) {
  return a > b ? a : b;
}
//# is_finite: from_bits
static __device__ inline bool is_finite(float x) {
  return fabsf(x) < from_bits(0x7f800000);
}
static __device__ inline bool is_finite(double x) {
  return fabs(x) < from_bits(0x7ff0000000000000LL);
}
//# to_i32:
// Truncates and saturates; NaN gives 0.
static __device__ inline int to_i32(float x) {
  return x >= 2147483648.0f ? 2147483647 : x > -2147483648.0f ? (int) x : x == x ? -2147483647 - 1 : 0;
}
static __device__ inline int to_i32(double x) {
  return x >= 2147483648.0 ? 2147483647 : x > -2147483649.0 ? (int) x : x == x ? -2147483647 - 1 : 0;
}
//# to_i64:
static __device__ inline long long to_i64(double x) {
  return x >= 9223372036854775808.0
      ? 9223372036854775807LL
      : x > -9223372036854775808.0 ? (long long) x : x == x ? -9223372036854775807LL - 1 : 0;
}
//# to_i8:
static __device__ inline signed char to_i8(double x) {
  return (signed char) (x >= 127.0 ? 127 : x > -129.0 ? (x < -128.0 ? -128 : (int) x) : x == x ? -128 : 0);
}
//# load_four:
// Four neighbours in one access; the first is aligned to 16 bytes.
static __device__ inline void load_four(float (&to)[4], const float* from) {
  const float4 four = *(const float4*) from;
  to[0] = four.x, to[1] = four.y, to[2] = four.z, to[3] = four.w;
}
static __device__ inline void load_four(int (&to)[4], const int* from) {
  const int4 four = *(const int4*) from;
  to[0] = four.x, to[1] = four.y, to[2] = four.z, to[3] = four.w;
}
//# store_four:
static __device__ inline void store_four(float* to, const float (&from)[4]) {
  float4 four;
  four.x = from[0], four.y = from[1], four.z = from[2], four.w = from[3];
  *(float4*) to = four;
}
static __device__ inline void store_four(int* to, const int (&from)[4]) {
  int4 four;
  four.x = from[0], four.y = from[1], four.z = from[2], four.w = from[3];
  *(int4*) to = four;
}
//# exchange:
// The value of the lane whose number differs in one bit; all lanes of a warp take part.
static __device__ inline float exchange(float x, int bit) {
  return __shfl_xor_sync(0xffffffffu, x, bit);
}
static __device__ inline double exchange(double x, int bit) {
  return __shfl_xor_sync(0xffffffffu, x, bit);
}
static __device__ inline int exchange(int x, int bit) {
  return __shfl_xor_sync(0xffffffffu, x, bit);
}
static __device__ inline long long exchange(long long x, int bit) {
  return __shfl_xor_sync(0xffffffffu, x, bit);
}
//# paired_bf16: narrow_bf16
// Two bf16 in a word, the first in its lower half.
static __device__ inline unsigned paired_bf16(float low, float high) {
  return (unsigned) narrow_bf16(high).bits << 16 | narrow_bf16(low).bits;
}
//# paired_f16: convert_half
// The same of f16.
static __device__ inline unsigned paired_f16(float low, float high) {
  return (unsigned) half_of_float(high) << 16 | half_of_float(low);
}
//# packed:
// Four bytes in a word, the first in its lowest.
static __device__ inline unsigned packed(signed char a, signed char b, signed char c, signed char d) {
  return (unsigned char) a | (unsigned) (unsigned char) b << 8 | (unsigned) (unsigned char) c << 16
      | (unsigned) (unsigned char) d << 24;
}
//# along_steps:
// The place of a word in a tile of 16 words a row: pieces of 4 are exchanged, so that neighbouring lanes of a
// fragment find theirs in different banks.
static __device__ inline unsigned along_steps(unsigned row, unsigned word) {
  return row * 16u + (word / 4u ^ row / 2u % 4u) * 4u + word % 4u;
}
//# along_rows:
// The same in a tile that lies step by step.
template <unsigned ROWS> static __device__ inline unsigned along_rows(unsigned row, unsigned step) {
  return step * ROWS + (row ^ step % 4u * 8u);
}
//# split_single: bits from_bits
// The nearest tf32, of 11 bits, and the nearest one to what is left.
static __device__ inline unsigned nearest_tf32(float x) {
  return ((unsigned) bits(x) + 0x1000u) & 0xffffe000u;
}
static __device__ inline void split_single(unsigned word, unsigned &big, unsigned &small) {
  const float whole = from_bits((int) word);
  big = nearest_tf32(whole);
  small = nearest_tf32(whole - from_bits((int) big));
}
//# cp_async:
#ifdef __CUDA_ARCH__
// Copies to shared memory that go on while threads compute; of the bytes, those beyond the number given are 0.
static __device__ __forceinline__ void cp_async_16(void *shared, const void *global, int bytes) {
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;"
      :: "r"((unsigned) __cvta_generic_to_shared(shared)), "l"(global), "r"(bytes) : "memory");
}
static __device__ __forceinline__ void cp_async_4(void *shared, const void *global, int bytes) {
  asm volatile("cp.async.ca.shared.global [%0], [%1], 4, %2;"
      :: "r"((unsigned) __cvta_generic_to_shared(shared)), "l"(global), "r"(bytes) : "memory");
}
static __device__ __forceinline__ void cp_async_commit() {
  asm volatile("cp.async.commit_group;" ::: "memory");
}
// Until no more of the thread's groups than so many are on the way.
template <int GROUPS> static __device__ __forceinline__ void cp_async_wait() {
  asm volatile("cp.async.wait_group %0;" :: "n"(GROUPS) : "memory");
}
#endif
//# cp_async_16: cp_async
//# cp_async_4: cp_async
//# mma_m16n8k8_tf32:
#ifdef __CUDA_ARCH__
// d = a b + c by the lanes of a warp.
static __device__ __forceinline__ void mma_m16n8k8_tf32(
    float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2], const float (&c)[4]) {
  asm volatile(
      "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, "
      "{%10, %11, %12, %13};"
      : "=f"(d[0]), "=f"(d[1]), "=f"(d[2]), "=f"(d[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]),
        "f"(c[0]), "f"(c[1]), "f"(c[2]), "f"(c[3]));
}
#endif
//# mma_m16n8k32_s8:
#ifdef __CUDA_ARCH__
// d = a b + c by the lanes of a warp.
static __device__ __forceinline__ void mma_m16n8k32_s8(
    int (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2], const int (&c)[4]) {
  asm volatile(
      "mma.sync.aligned.m16n8k32.row.col.s32.s8.s8.s32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, "
      "{%10, %11, %12, %13};"
      : "=r"(d[0]), "=r"(d[1]), "=r"(d[2]), "=r"(d[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]),
        "r"(c[0]), "r"(c[1]), "r"(c[2]), "r"(c[3]));
}
#endif
//# mma_m16n8k16_bf16:
#ifdef __CUDA_ARCH__
// d = a b + c by the lanes of a warp.
static __device__ __forceinline__ void mma_m16n8k16_bf16(
    float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2], const float (&c)[4]) {
  asm volatile(
      "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, "
      "{%10, %11, %12, %13};"
      : "=f"(d[0]), "=f"(d[1]), "=f"(d[2]), "=f"(d[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]),
        "f"(c[0]), "f"(c[1]), "f"(c[2]), "f"(c[3]));
}
#endif
//# mma_m16n8k16_f16:
#ifdef __CUDA_ARCH__
// d = a b + c by the lanes of a warp.
static __device__ __forceinline__ void mma_m16n8k16_f16(
    float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2], const float (&c)[4]) {
  asm volatile(
      "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, "
      "{%10, %11, %12, %13};"
      : "=f"(d[0]), "=f"(d[1]), "=f"(d[2]), "=f"(d[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]),
        "f"(c[0]), "f"(c[1]), "f"(c[2]), "f"(c[3]));
}
#endif
