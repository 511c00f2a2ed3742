#ifdef __CUDA_ARCH__
static __device__ __forceinline__ void mma_m16n8k8_tf32(float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2], const float (&c)[4]) {
  asm volatile("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%10,%11,%12,%13};"
    : "=f"(d[0]), "=f"(d[1]), "=f"(d[2]), "=f"(d[3]) : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]), "f"(c[0]), "f"(c[1]), "f"(c[2]), "f"(c[3]));
}
static __device__ __forceinline__ void cp_async_16(void *shared, const void *global, int bytes = 16) {
  unsigned to = (unsigned)__cvta_generic_to_shared(shared);
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" :: "r"(to), "l"(global), "r"(bytes) : "memory");
}
static __device__ __forceinline__ void cp_async_commit() { asm volatile("cp.async.commit_group;" ::: "memory"); }
template <int N> static __device__ __forceinline__ void cp_async_wait() { asm volatile("cp.async.wait_group %0;" :: "n"(N) : "memory"); }
#endif
extern "C" __global__ void __launch_bounds__(128) softmax(const float* __restrict__ in, float* __restrict__ out, int rows, int columns) {
  int row = blockIdx.x * 4 + threadIdx.x / 32, lane = threadIdx.x % 32;
  if (row >= rows) return;
  float top = -__int_as_float(0x7f800000);
  for (int i = lane; i < columns; i += 32) top = fmaxf(top, in[(long long)row * columns + i]);
  for (int by = 16; by > 0; by >>= 1) top = fmaxf(top, __shfl_xor_sync(0xffffffffu, top, by));
  float sum = 0.0f;
  for (int i = lane; i < columns; i += 32) sum += expf(in[(long long)row * columns + i] - top);
  for (int by = 16; by > 0; by >>= 1) sum += __shfl_xor_sync(0xffffffffu, sum, by);
  for (int i = lane; i < columns; i += 32) out[(long long)row * columns + i] = expf(in[(long long)row * columns + i] - top) / sum;
}
// C[m,n] = A[m,k] B[k,n], tiles of 16x8 a warp, 32 rows by 16 columns a block of 4 warps; k in steps of 8; two stages
extern "C" __global__ void __launch_bounds__(128) product(const float* __restrict__ a, const float* __restrict__ b, float* __restrict__ c, int m, int n, int k) {
  __shared__ __align__(16) float left[2][32][12];
  __shared__ __align__(16) float right[2][8][20];
  int row0 = blockIdx.y * 32, column0 = blockIdx.x * 16;
  int warp = threadIdx.x / 32, lane = threadIdx.x % 32, group = lane / 4, place = lane % 4;
  int steps = (k + 7) / 8;
  float d[4] = {0, 0, 0, 0};
  auto fetch = [&](int step, int stage) {
    int t = threadIdx.x;
    if (t < 64) {
      int r = t / 2, q = t % 2 * 4;
      bool in = row0 + r < m && step * 8 + q < k;
      cp_async_16(&left[stage][r][q], in ? a + (row0 + r) * k + step * 8 + q : a, in ? 16 : 0);
    } else if (t < 96) {
      int r = (t - 64) / 4, q = t % 4 * 4;
      bool in = step * 8 + r < k && column0 + q < n;
      cp_async_16(&right[stage][r][q], in ? b + (step * 8 + r) * n + column0 + q : b, in ? 16 : 0);
    }
    cp_async_commit();
  };
  fetch(0, 0);
  for (int step = 0; step < steps; step++) {
    if (step + 1 < steps) fetch(step + 1, (step + 1) & 1); else cp_async_commit();
    cp_async_wait<1>();
    __syncthreads();
    int s = step & 1, r = warp / 2 * 16, q = warp % 2 * 8;
    unsigned fa[4] = {__float_as_uint(left[s][r + group][place]), __float_as_uint(left[s][r + group + 8][place]),
                      __float_as_uint(left[s][r + group][place + 4]), __float_as_uint(left[s][r + group + 8][place + 4])};
    unsigned fb[2] = {__float_as_uint(right[s][place][q + group]), __float_as_uint(right[s][place + 4][q + group])};
    mma_m16n8k8_tf32(d, fa, fb, d);
    __syncthreads();
  }
  cp_async_wait<0>();
  for (int i = 0; i < 4; i++) {
    int r = row0 + warp / 2 * 16 + group + (i < 2 ? 0 : 8), q = column0 + warp % 2 * 8 + place * 2 + (i & 1);
    if (r < m && q < n) c[r * n + q] = d[i];
  }
}
extern "C" __global__ void gelu(const float4* __restrict__ in, float4* __restrict__ out, long long count, double scale) {
  extern __shared__ __align__(16) float table[];
  table[threadIdx.x] = (float)scale * threadIdx.x;
  __syncthreads();
  for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < count; i += (long long)gridDim.x * blockDim.x) {
    float4 v = in[i];
    float t = table[(threadIdx.x + 1) % blockDim.x];
    v.x = 0.5f * v.x * (1.0f + erff(v.x * 0.70710678f)) + t; v.y = tanhf(v.y); v.z = logf(v.z) / v.x; v.w = powf(v.w, 1.7f) * sqrtf(t) + sinf(v.w * 100.0f);
    out[i] = v;
  }
}
extern "C" __global__ void ints(const signed char* in, int* out, unsigned long long* sums, int n, unsigned divisor) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  unsigned votes = __ballot_sync(0xffffffffu, i % 3 == 1);
  if (i >= n) return;
  int v = in[i];
  unsigned long long h = (unsigned long long)(i + 1) * 0x9E3779B97F4A7C15ull;
  h ^= h >> 31; h *= 0xBF58476D1CE4E5B9ull;
  out[i] = v * 7 - (int)(h % divisor) + __popc(votes) + __clz(v | 1) + (int)(h / divisor >> 40);
  atomicAdd(sums, h >> 20); atomicMax((int*)(sums + 1), v);
  double q = v * 0.1; if (q < 0) q = sqrt(-q); else q = exp(q);
  sums[2 + i] = (unsigned long long)__double2ll_rn(q * 1000) ;
}
