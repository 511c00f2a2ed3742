// Attention in tiles: no more than one tile of scores is there at a time. A block of 256 threads has 16 rows of 16
// threads; a thread has rows thread_row + 16 i and columns thread_column + 16 j of whatever the block computes.
// Sources: Dao et al. 2022, "FlashAttention"; Milakov and Gimelshein 2018, "Online normalizer calculation for softmax".
//# attention: exchange
// The tensors of one head of one batch.
struct AttentionHead {
  // Elements from one row to the next.
  int row;
  int value_row;
  int queries;
  int keys;
  float scale;
  // True where a query may see a key; null for everywhere.
  const unsigned char *mask;
  int mask_query;
  int mask_key;
};
static __device__ float exp_f32(float x);
static __device__ inline float row_maximum(float x) {
  for (int bit = 8; bit > 0; bit /= 2) {
    x = fmaxf(x, exchange(x, bit));
  }
  return x;
}
static __device__ inline float row_sum(float x) {
  for (int bit = 8; bit > 0; bit /= 2) {
    x += exchange(x, bit);
  }
  return x;
}
// Elements of a row in shared memory: 16 bytes apart from a multiple of the banks, filled with zeros.
template <int SIZE> static __device__ constexpr int padded() {
  return (SIZE + 15) / 16 * 16 + 4;
}
// Brings rows; what lies beyond the last is 0.
template <int ROWS, int SIZE>
static __device__ inline void bring(float *tile, const float *from, int stride, int first, int count) {
  constexpr int WIDTH = padded<SIZE>();
  if (SIZE % 4 == 0) {
    for (int i = (int) threadIdx.x; i < ROWS * WIDTH / 4; i += 256) {
      const int row = i / (WIDTH / 4), column = i % (WIDTH / 4) * 4;
      float4 four = {0, 0, 0, 0};
      if (column < SIZE && first + row < count) {
        four = *(const float4 *) (from + (first + row) * stride + column);
      }
      *(float4 *) (tile + row * WIDTH + column) = four;
    }
  } else {
    for (int i = (int) threadIdx.x; i < ROWS * WIDTH; i += 256) {
      const int row = i / WIDTH, column = i % WIDTH;
      tile[i] = column < SIZE && first + row < count ? from[(first + row) * stride + column] : 0;
    }
  }
}
// Products of a tile's rows with another's.
template <int ROWS, int COLUMNS, int SIZE>
static __device__ inline void products(float (&sums)[ROWS / 16][COLUMNS / 16], const float *left, const float *right) {
  constexpr int WIDTH = padded<SIZE>();
  const int thread_row = (int) threadIdx.x / 16, thread_column = (int) threadIdx.x % 16;
#pragma unroll
  for (int i = 0; i < ROWS / 16; i++) {
#pragma unroll
    for (int j = 0; j < COLUMNS / 16; j++) {
      sums[i][j] = 0;
    }
  }
#pragma unroll 4
  for (int k = 0; k < (SIZE + 3) / 4 * 4; k += 4) {
    float4 a[ROWS / 16];
#pragma unroll
    for (int i = 0; i < ROWS / 16; i++) {
      a[i] = *(const float4 *) (left + (thread_row + 16 * i) * WIDTH + k);
    }
#pragma unroll
    for (int j = 0; j < COLUMNS / 16; j++) {
      const float4 b = *(const float4 *) (right + (thread_column + 16 * j) * WIDTH + k);
#pragma unroll
      for (int i = 0; i < ROWS / 16; i++) {
        sums[i][j] = fmaf(a[i].w, b.w, fmaf(a[i].z, b.z, fmaf(a[i].y, b.y, fmaf(a[i].x, b.x, sums[i][j]))));
      }
    }
  }
}
// Adds the products of a tile of weights, row by row, with rows of another tile.
template <int ROWS, int STEPS, int SIZE>
static __device__ inline void accumulate(
    float (&sums)[ROWS / 16][(SIZE + 15) / 16], const float *weights, const float *rows) {
  constexpr int WIDTH = padded<SIZE>();
  constexpr int STRIDE = STEPS + 4;
  const int thread_row = (int) threadIdx.x / 16, thread_column = (int) threadIdx.x % 16;
#pragma unroll 4
  for (int k = 0; k < STEPS; k += 4) {
    float4 a[ROWS / 16];
#pragma unroll
    for (int i = 0; i < ROWS / 16; i++) {
      a[i] = *(const float4 *) (weights + (thread_row + 16 * i) * STRIDE + k);
    }
#pragma unroll
    for (int j = 0; j < (SIZE + 15) / 16; j++) {
      const float *b = rows + k * WIDTH + thread_column + 16 * j;
#pragma unroll
      for (int i = 0; i < ROWS / 16; i++) {
        sums[i][j] = fmaf(a[i].w, b[3 * WIDTH],
            fmaf(a[i].z, b[2 * WIDTH], fmaf(a[i].y, b[WIDTH], fmaf(a[i].x, b[0], sums[i][j]))));
      }
    }
  }
}
// How many keys, from the first, some query up to this one sees.
template <bool CAUSAL> static __device__ inline int seen_by(const AttentionHead &head, int query) {
  const int limit = query + 1 + head.keys - head.queries;
  return CAUSAL && limit < head.keys ? limit : head.keys;
}
template <bool CAUSAL> static __device__ inline bool sees(const AttentionHead &head, int query, int key) {
  return query < head.queries && key < seen_by<CAUSAL>(head, query)
      && (head.mask == 0 || head.mask[query * head.mask_query + key * head.mask_key] != 0);
}
//# attention_forward: attention
// A block's queries, from the first on: the keys' shares are rescaled as greater scores come.
template <int QUERIES, int KEYS, int SIZE, int VALUE, bool CAUSAL>
static __device__ inline void attention_forward(const AttentionHead &head, const float *q, const float *k,
    const float *v, float *result, int first, float *own, float *others, float *shares) {
  const int thread_row = (int) threadIdx.x / 16, thread_column = (int) threadIdx.x % 16;
  constexpr int OWN = QUERIES / 16;
  float sums[OWN][(VALUE + 15) / 16] = {};
  float greatest[OWN], total[OWN];
  for (int i = 0; i < OWN; i++) {
    greatest[i] = -1e30f;
    total[i] = 0;
  }
  bring<QUERIES, SIZE>(own, q, head.row, first, head.queries);
  const int last = first + QUERIES < head.queries ? first + QUERIES - 1 : head.queries - 1;
  const int seen = seen_by<CAUSAL>(head, last);
  for (int key = 0; key < seen; key += KEYS) {
    bring<KEYS, SIZE>(others, k, head.row, key, head.keys);
    __syncthreads();
    float scores[OWN][KEYS / 16];
    products<QUERIES, KEYS, SIZE>(scores, own, others);
    // The values come where the keys are.
    __syncthreads();
    bring<KEYS, VALUE>(others, v, head.value_row, key, head.keys);
#pragma unroll
    for (int i = 0; i < OWN; i++) {
      const int row = thread_row + 16 * i;
      bool visible[KEYS / 16];
      float most = greatest[i];
#pragma unroll
      for (int j = 0; j < KEYS / 16; j++) {
        visible[j] = sees<CAUSAL>(head, first + row, key + thread_column + 16 * j);
        scores[i][j] *= head.scale;
        most = visible[j] ? fmaxf(most, scores[i][j]) : most;
      }
      most = row_maximum(most);
      float part = 0;
#pragma unroll
      for (int j = 0; j < KEYS / 16; j++) {
        const float share = visible[j] ? exp_f32(scores[i][j] - most) : 0.0f;
        shares[row * (KEYS + 4) + thread_column + 16 * j] = share;
        part += share;
      }
      const float earlier = exp_f32(greatest[i] - most);
      total[i] = fmaf(total[i], earlier, row_sum(part));
      greatest[i] = most;
#pragma unroll
      for (int j = 0; j < (VALUE + 15) / 16; j++) {
        sums[i][j] *= earlier;
      }
    }
    __syncthreads();
    accumulate<QUERIES, KEYS, VALUE>(sums, shares, others);
    // The next keys may not come before all have read these values.
    __syncthreads();
  }
#pragma unroll
  for (int i = 0; i < OWN; i++) {
    const int row = first + thread_row + 16 * i;
#pragma unroll
    for (int j = 0; j < (VALUE + 15) / 16; j++) {
      const int column = thread_column + 16 * j;
      if (row < head.queries && column < VALUE) {
        result[row * head.value_row + column] = total[i] > 0 ? sums[i][j] / total[i] : 0.0f;
      }
    }
  }
}
//# attention_gradient: attention
// What a row of queries needs for all its keys: its greatest score, the sum of its exponentials, the mean of the
// shares' cotangents.
struct AttentionRow {
  float greatest;
  float total;
  float mean;
};
// The shares of a tile, and the cotangents of its products.
template <int TILE, bool CAUSAL>
static __device__ inline void attention_cotangents(const AttentionHead &head, const AttentionRow (&rows)[TILE / 16],
    int query, int key, float (&scores)[TILE / 16][TILE / 16], float (&of_shares)[TILE / 16][TILE / 16]) {
  const int thread_row = (int) threadIdx.x / 16, thread_column = (int) threadIdx.x % 16;
#pragma unroll
  for (int i = 0; i < TILE / 16; i++) {
#pragma unroll
    for (int j = 0; j < TILE / 16; j++) {
      const bool visible = sees<CAUSAL>(head, query + thread_row + 16 * i, key + thread_column + 16 * j);
      const float power = exp_f32(scores[i][j] * head.scale - rows[i].greatest);
      const float share = visible ? power / rows[i].total : 0.0f;
      of_shares[i][j] = share * (of_shares[i][j] - rows[i].mean) * head.scale;
      scores[i][j] = share;
    }
  }
}
// The gradient at a block's queries; keeps what the keys' kernel needs to know of them, [3, queries].
template <int TILE, int SIZE, int VALUE, bool CAUSAL>
static __device__ inline void attention_gradient_queries(const AttentionHead &head, const float *q, const float *k,
    const float *v, const float *cotangent, float *gradient, float *kept, int first, float *own, float *given,
    float *keys, float *values, float *weights) {
  const int thread_row = (int) threadIdx.x / 16, thread_column = (int) threadIdx.x % 16;
  constexpr int OWN = TILE / 16;
  AttentionRow rows[OWN];
  for (int i = 0; i < OWN; i++) {
    rows[i] = {-1e30f, 0, 0};
  }
  float sums[OWN][(SIZE + 15) / 16] = {};
  bring<TILE, SIZE>(own, q, head.row, first, head.queries);
  bring<TILE, VALUE>(given, cotangent, head.value_row, first, head.queries);
  const int last = first + TILE < head.queries ? first + TILE - 1 : head.queries - 1;
  const int seen = seen_by<CAUSAL>(head, last);
  for (int turn = 0; turn < 2; turn++) {
    for (int key = 0; key < seen; key += TILE) {
      bring<TILE, SIZE>(keys, k, head.row, key, head.keys);
      bring<TILE, VALUE>(values, v, head.value_row, key, head.keys);
      __syncthreads();
      float scores[OWN][OWN], of_shares[OWN][OWN];
      products<TILE, TILE, SIZE>(scores, own, keys);
      products<TILE, TILE, VALUE>(of_shares, given, values);
      if (turn == 0) {
#pragma unroll
        for (int i = 0; i < OWN; i++) {
          float most = rows[i].greatest;
          bool visible[OWN];
#pragma unroll
          for (int j = 0; j < OWN; j++) {
            visible[j] = sees<CAUSAL>(head, first + thread_row + 16 * i, key + thread_column + 16 * j);
            most = visible[j] ? fmaxf(most, scores[i][j] * head.scale) : most;
          }
          most = row_maximum(most);
          float part = 0, weighted = 0;
#pragma unroll
          for (int j = 0; j < OWN; j++) {
            const float share = visible[j] ? exp_f32(scores[i][j] * head.scale - most) : 0.0f;
            part += share;
            weighted = fmaf(share, of_shares[i][j], weighted);
          }
          const float earlier = exp_f32(rows[i].greatest - most);
          rows[i].total = fmaf(rows[i].total, earlier, row_sum(part));
          rows[i].mean = fmaf(rows[i].mean, earlier, row_sum(weighted));
          rows[i].greatest = most;
        }
      } else {
        attention_cotangents<TILE, CAUSAL>(head, rows, first, key, scores, of_shares);
#pragma unroll
        for (int i = 0; i < OWN; i++) {
#pragma unroll
          for (int j = 0; j < OWN; j++) {
            weights[(thread_row + 16 * i) * (TILE + 4) + thread_column + 16 * j] = of_shares[i][j];
          }
        }
        __syncthreads();
        accumulate<TILE, TILE, SIZE>(sums, weights, keys);
      }
      // The next keys may not come before all have read these.
      __syncthreads();
    }
    if (turn == 0) {
#pragma unroll
      for (int i = 0; i < OWN; i++) {
        rows[i].total = rows[i].total > 0 ? rows[i].total : 1.0f;
        rows[i].mean /= rows[i].total;
        const int row = first + thread_row + 16 * i;
        if (thread_column == 0 && row < head.queries) {
          kept[row] = rows[i].greatest;
          kept[head.queries + row] = rows[i].total;
          kept[2 * head.queries + row] = rows[i].mean;
        }
      }
    }
  }
#pragma unroll
  for (int i = 0; i < OWN; i++) {
    const int row = first + thread_row + 16 * i;
#pragma unroll
    for (int j = 0; j < (SIZE + 15) / 16; j++) {
      const int column = thread_column + 16 * j;
      if (row < head.queries && column < SIZE) {
        gradient[row * head.row + column] = sums[i][j];
      }
    }
  }
}
// The gradients at a block's keys and values: sums over the queries that see them, in order.
template <int TILE, int SIZE, int VALUE, bool CAUSAL>
static __device__ inline void attention_gradient_keys(const AttentionHead &head, const float *q, const float *k,
    const float *v, const float *cotangent, const float *kept, float *at_keys, float *at_values, int first, float *own,
    float *given, float *keys, float *values, float *weights, float *shares) {
  const int thread_row = (int) threadIdx.x / 16, thread_column = (int) threadIdx.x % 16;
  constexpr int OWN = TILE / 16;
  float sums[OWN][(SIZE + 15) / 16] = {};
  float value_sums[OWN][(VALUE + 15) / 16] = {};
  bring<TILE, SIZE>(keys, k, head.row, first, head.keys);
  bring<TILE, VALUE>(values, v, head.value_row, first, head.keys);
  // Queries before this one see none of these keys.
  const int least = first - (head.keys - head.queries);
  for (int query = CAUSAL && least > 0 ? least / TILE * TILE : 0; query < head.queries; query += TILE) {
    bring<TILE, SIZE>(own, q, head.row, query, head.queries);
    bring<TILE, VALUE>(given, cotangent, head.value_row, query, head.queries);
    AttentionRow rows[OWN];
#pragma unroll
    for (int i = 0; i < OWN; i++) {
      const int row = query + thread_row + 16 * i;
      rows[i] = {0, 1, 0};
      if (row < head.queries) {
        rows[i] = {kept[row], kept[head.queries + row], kept[2 * head.queries + row]};
      }
    }
    __syncthreads();
    float scores[OWN][OWN], of_shares[OWN][OWN];
    products<TILE, TILE, SIZE>(scores, own, keys);
    products<TILE, TILE, VALUE>(of_shares, given, values);
    attention_cotangents<TILE, CAUSAL>(head, rows, query, first, scores, of_shares);
#pragma unroll
    for (int i = 0; i < OWN; i++) {
#pragma unroll
      for (int j = 0; j < OWN; j++) {
        // Key by key, as they are read.
        const int place = (thread_column + 16 * j) * (TILE + 4) + thread_row + 16 * i;
        weights[place] = of_shares[i][j];
        shares[place] = scores[i][j];
      }
    }
    __syncthreads();
    accumulate<TILE, TILE, SIZE>(sums, weights, own);
    accumulate<TILE, TILE, VALUE>(value_sums, shares, given);
    // The next queries may not come before all have read these.
    __syncthreads();
  }
#pragma unroll
  for (int i = 0; i < OWN; i++) {
    const int row = first + thread_row + 16 * i;
#pragma unroll
    for (int j = 0; j < (SIZE + 15) / 16; j++) {
      const int column = thread_column + 16 * j;
      if (row < head.keys && column < SIZE) {
        at_keys[row * head.row + column] = sums[i][j];
      }
    }
#pragma unroll
    for (int j = 0; j < (VALUE + 15) / 16; j++) {
      const int column = thread_column + 16 * j;
      if (row < head.keys && column < VALUE) {
        at_values[row * head.value_row + column] = value_sums[i][j];
      }
    }
  }
}
