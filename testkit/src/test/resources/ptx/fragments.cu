// One warp multiplies A (row by row) with B (column by column) by one mma of each shape: fragments are gathered element
// by element. And ldmatrix as it comes.
#ifdef __CUDA_ARCH__
static __device__ __forceinline__ void mma_m16n8k16_bf16(float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2], const float (&c)[4]) {
  asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%10,%11,%12,%13};"
    : "=f"(d[0]), "=f"(d[1]), "=f"(d[2]), "=f"(d[3]) : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]), "f"(c[0]), "f"(c[1]), "f"(c[2]), "f"(c[3]));
}
static __device__ __forceinline__ void mma_m16n8k16_f16(float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2], const float (&c)[4]) {
  asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%10,%11,%12,%13};"
    : "=f"(d[0]), "=f"(d[1]), "=f"(d[2]), "=f"(d[3]) : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]), "f"(c[0]), "f"(c[1]), "f"(c[2]), "f"(c[3]));
}
static __device__ __forceinline__ void mma_m16n8k8_f16(float (&d)[4], const unsigned (&a)[2], const unsigned (&b)[1], const float (&c)[4]) {
  asm volatile("mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32 {%0,%1,%2,%3}, {%4,%5}, {%6}, {%7,%8,%9,%10};"
    : "=f"(d[0]), "=f"(d[1]), "=f"(d[2]), "=f"(d[3]) : "r"(a[0]), "r"(a[1]), "r"(b[0]), "f"(c[0]), "f"(c[1]), "f"(c[2]), "f"(c[3]));
}
static __device__ __forceinline__ void mma_m16n8k32_s8(int (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2], const int (&c)[4]) {
  asm volatile("mma.sync.aligned.m16n8k32.row.col.s32.s8.s8.s32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%10,%11,%12,%13};"
    : "=r"(d[0]), "=r"(d[1]), "=r"(d[2]), "=r"(d[3]) : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]), "r"(c[0]), "r"(c[1]), "r"(c[2]), "r"(c[3]));
}
static __device__ __forceinline__ void mma_m8n8k16_s8(int (&d)[2], const unsigned (&a)[1], const unsigned (&b)[1], const int (&c)[2]) {
  asm volatile("mma.sync.aligned.m8n8k16.row.col.s32.s8.s8.s32 {%0,%1}, {%2}, {%3}, {%4,%5};"
    : "=r"(d[0]), "=r"(d[1]) : "r"(a[0]), "r"(b[0]), "r"(c[0]), "r"(c[1]));
}
static __device__ __forceinline__ void ldmatrix_x4(unsigned (&r)[4], const void *row) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];" : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3]) : "r"((unsigned)__cvta_generic_to_shared(row)));
}
static __device__ __forceinline__ void ldmatrix_x2_trans(unsigned (&r)[2], const void *row) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x2.trans.shared.b16 {%0,%1}, [%2];" : "=r"(r[0]), "=r"(r[1]) : "r"((unsigned)__cvta_generic_to_shared(row)));
}
#endif
// Two elements of 16 bits, one row of A or one column of B, at an even place.
static __device__ unsigned two(const unsigned short *line, int at) { return line[at] | (unsigned)line[at + 1] << 16; }
static __device__ unsigned four(const unsigned char *line, int at) {
  return line[at] | (unsigned)line[at + 1] << 8 | (unsigned)line[at + 2] << 16 | (unsigned)line[at + 3] << 24;
}
#define HALF(mma)                                                                                                      \
  int group = threadIdx.x / 4, t = threadIdx.x % 4 * 2;                                                                \
  unsigned left[4] = {two(a + group * 16, t), two(a + (group + 8) * 16, t), two(a + group * 16, t + 8),                \
                      two(a + (group + 8) * 16, t + 8)};                                                               \
  unsigned right[2] = {two(b + group * 16, t), two(b + group * 16, t + 8)};                                            \
  float d[4] = {1, 1, 1, 1};                                                                                           \
  mma(d, left, right, d);                                                                                              \
  out[group * 8 + t] = d[0];                                                                                           \
  out[group * 8 + t + 1] = d[1];                                                                                       \
  out[(group + 8) * 8 + t] = d[2];                                                                                     \
  out[(group + 8) * 8 + t + 1] = d[3];
extern "C" __global__ void bf16_16(const unsigned short *a, const unsigned short *b, float *out) {
  HALF(mma_m16n8k16_bf16)
}
extern "C" __global__ void f16_16(const unsigned short *a, const unsigned short *b, float *out) {
  HALF(mma_m16n8k16_f16)
}
extern "C" __global__ void f16_8(const unsigned short *a, const unsigned short *b, float *out) {
  int group = threadIdx.x / 4, t = threadIdx.x % 4 * 2;
  unsigned left[2] = {two(a + group * 8, t), two(a + (group + 8) * 8, t)};
  unsigned right[1] = {two(b + group * 8, t)};
  float d[4] = {1, 1, 1, 1};
  mma_m16n8k8_f16(d, left, right, d);
  out[group * 8 + t] = d[0];
  out[group * 8 + t + 1] = d[1];
  out[(group + 8) * 8 + t] = d[2];
  out[(group + 8) * 8 + t + 1] = d[3];
}
extern "C" __global__ void s8_32(const unsigned char *a, const unsigned char *b, int *out) {
  int group = threadIdx.x / 4, t = threadIdx.x % 4;
  unsigned left[4] = {four(a + group * 32, 4 * t), four(a + (group + 8) * 32, 4 * t), four(a + group * 32, 4 * t + 16),
                      four(a + (group + 8) * 32, 4 * t + 16)};
  unsigned right[2] = {four(b + group * 32, 4 * t), four(b + group * 32, 4 * t + 16)};
  int d[4] = {1, 1, 1, 1};
  mma_m16n8k32_s8(d, left, right, d);
  out[group * 8 + 2 * t] = d[0];
  out[group * 8 + 2 * t + 1] = d[1];
  out[(group + 8) * 8 + 2 * t] = d[2];
  out[(group + 8) * 8 + 2 * t + 1] = d[3];
}
extern "C" __global__ void s8_16(const unsigned char *a, const unsigned char *b, int *out) {
  int group = threadIdx.x / 4, t = threadIdx.x % 4;
  unsigned left[1] = {four(a + group * 16, 4 * t)};
  unsigned right[1] = {four(b + group * 16, 4 * t)};
  int d[2] = {1, 1};
  mma_m8n8k16_s8(d, left, right, d);
  out[group * 8 + 2 * t] = d[0];
  out[group * 8 + 2 * t + 1] = d[1];
}
extern "C" __global__ void matrices(const unsigned short *in, unsigned *out) {
  __shared__ __align__(16) unsigned short rows[32][8];
  for (int i = 0; i < 8; i++) {
    rows[threadIdx.x][i] = in[threadIdx.x * 8 + i];
  }
  __syncthreads();
  unsigned four[4], two[2];
  ldmatrix_x4(four, rows[threadIdx.x]);
  ldmatrix_x2_trans(two, rows[threadIdx.x % 16]);
  for (int i = 0; i < 4; i++) {
    out[threadIdx.x * 6 + i] = four[i];
  }
  out[threadIdx.x * 6 + 4] = two[0];
  out[threadIdx.x * 6 + 5] = two[1];
}
