package org.modelc.testkit.fiber;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.testkit.gpu.Argument;
import org.modelc.testkit.gpu.Extent;
import org.modelc.testkit.gpu.Launch;

class FiberProgramTest {
  @TempDir static Path folder;
  private static FiberCompiler compiler;

  /** Reverses blocks of 64 through shared memory; the last block is ragged. */
  private static final String REVERSE =
      """
      extern "C" __global__ void __launch_bounds__(64) reverse(
          const float* __restrict__ in, float* __restrict__ out, int n) {
        __shared__ float tile[64];
        int i = blockIdx.x * blockDim.x + threadIdx.x;
        tile[threadIdx.x] = i < n ? in[i] : -1.0f;
        __syncthreads();
        if (i < n) {
          out[i] = tile[63 - threadIdx.x];
        }
      }
      """;

  @BeforeAll
  static void compiler() throws IOException {
    Assumptions.assumeTrue(FiberCompiler.isAvailable(), "there is no g++");
    compiler = new FiberCompiler(folder);
  }

  private static Launch reverse(int n) {
    return Launch.of(
        "reverse",
        Extent.of((n + 63) / 64),
        Extent.of(64),
        Argument.buffer(0),
        Argument.buffer(1),
        Argument.of(n));
  }

  private static FiberProgram.Results run(String text, FiberChecks checks, int n)
      throws IOException {
    float[] in = new float[n];
    for (int i = 0; i < n; i++) {
      in[i] = i + 1;
    }
    FiberProgram program = compiler.compile(text, checks);
    return program.run(List.of(bytes(in), new byte[4 * n]), List.of(reverse(n)), 3);
  }

  private static byte[] bytes(float... values) {
    ByteBuffer result = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    result.asFloatBuffer().put(values);
    return result.array();
  }

  private static float[] floats(byte[] bytes) {
    float[] result = new float[bytes.length / 4];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(result);
    return result;
  }

  @Test
  void blocksReverseUnderAllChecks() throws IOException {
    for (FiberChecks checks : FiberChecks.values()) {
      FiberProgram.Results results = run(REVERSE, checks, 100);
      assertThat(results.problem()).as("%s", checks).isNull();
      float[] out = floats(results.buffers().get(1));
      assertThat(out[0]).isEqualTo(64);
      assertThat(out[63]).isEqualTo(1);
      assertThat(out[64]).as("of the part of a block that has no input").isEqualTo(-1);
      assertThat(out[99]).isEqualTo(93);
    }
  }

  @Test
  void aMissingBarrierIsARaceForThreadSanitizer() throws IOException {
    FiberProgram.Results results =
        run(REVERSE.replace("__syncthreads();", ""), FiberChecks.THREADS, 64);
    assertThat(results.problem()).contains("data race");
  }

  @Test
  void aReadPastTheEndIsFound() throws IOException {
    String wrong = REVERSE.replace("i < n ? in[i]", "i <= n ? in[i]");
    FiberProgram.Results results = run(wrong, FiberChecks.ADDRESS, 100);
    assertThat(results.problem()).contains("heap-buffer-overflow").contains("kernels.cu:5");
  }

  @Test
  void anIndexPastSharedMemoryIsFound() throws IOException {
    String wrong = REVERSE.replace("63 - threadIdx.x", "64 - threadIdx.x");
    FiberProgram.Results results = run(wrong, FiberChecks.ADDRESS, 100);
    assertThat(results.problem()).contains("index 64 out of bounds for type 'float [64]'");
  }

  @Test
  void sharedMemoryThatNothingWroteIsNotANumber() throws IOException {
    String wrong = REVERSE.replace("i < n ? in[i] : -1.0f", "in[min(i, n - 1)]");
    assertThat(floats(run(wrong, FiberChecks.NONE, 100).buffers().get(1))[64]).isEqualTo(100);
    String partial =
        REVERSE.replace(
            "tile[threadIdx.x] = i < n ? in[i] : -1.0f;", "if (i < n) tile[threadIdx.x] = in[i];");
    assertThat(floats(run(partial, FiberChecks.NONE, 100).buffers().get(1))[64]).isNaN();
  }

  @Test
  void barriersOfTwoBranchesAreDivergent() throws IOException {
    String wrong =
        REVERSE.replace(
            "  __syncthreads();\n",
            """
              if (threadIdx.x < 7) {
                __syncthreads();
              } else {
                __syncthreads();
              }
            """);
    FiberProgram.Results results = run(wrong, FiberChecks.NONE, 64);
    assertThat(results.problem())
        .startsWith("status 3: kernel reverse, block (0, 0, 0), thread (7, 0, 0)")
        .contains("divergent barriers: this thread waits in line 9, thread 0 in line 7");
  }

  /** Sums of warps by shuffles: lanes hold 1 to 32, whose sum is 528. */
  @Test
  void lanesShuffleAndVote() throws IOException {
    String text =
        """
        extern "C" __global__ void sums(float* out, unsigned* votes) {
          extern __shared__ __align__(16) float memory[];
          float sum = threadIdx.x % 32 + 1;
          for (int by = 16; by > 0; by /= 2) {
            sum += __shfl_down_sync(0xffffffffu, sum, by);
          }
          memory[threadIdx.x] = __shfl_sync(0xffffffffu, sum, 0);
          __syncwarp();
          out[threadIdx.x] = memory[threadIdx.x ^ 1] + threadIdx.x / 32;
          votes[threadIdx.x] = __ballot_sync(0xffffffffu, threadIdx.x % 3 == 0);
        }
        """;
    Launch launch =
        new Launch(
            "sums",
            Extent.of(1),
            Extent.of(64),
            256,
            List.of(Argument.buffer(0), Argument.buffer(1)));
    for (FiberChecks checks : FiberChecks.values()) {
      FiberProgram.Results results =
          compiler
              .compile(text, checks)
              .run(List.of(new byte[256], new byte[256]), List.of(launch), 9);
      assertThat(results.problem()).as("%s", checks).isNull();
      assertThat(floats(results.buffers().get(0))[5]).isEqualTo(528);
      assertThat(floats(results.buffers().get(0))[63]).isEqualTo(529);
      // Multiples of three below 32, and those of 32 to 63 less 32: 1, 4, 7, …
      int[] votes = new int[64];
      ByteBuffer.wrap(results.buffers().get(1))
          .order(ByteOrder.LITTLE_ENDIAN)
          .asIntBuffer()
          .get(votes);
      assertThat(votes[31]).isEqualTo(0x49249249);
      assertThat(votes[32]).isEqualTo(0x92492492);
    }
  }

  @Test
  void lanesThatWaitInVainAreNamed() throws IOException {
    String text =
        """
        extern "C" __global__ void waits(float* out) {
          if (threadIdx.x != 5) {
            out[threadIdx.x] = __shfl_sync(0xffffffffu, 1.0f, 0);
          }
        }
        """;
    Launch launch = Launch.of("waits", Extent.of(1), Extent.of(32), Argument.buffer(0));
    FiberProgram.Results results =
        compiler.compile(text, FiberChecks.NONE).run(List.of(new byte[128]), List.of(launch), 0);
    assertThat(results.problem())
        .contains("waits in line 3 (__shfl_sync, mask ffffffff) for lanes that never come")
        .contains("came: ffffffdf");
  }

  @Test
  void copiesHappenWhenTheirGroupIsWaitedFor() throws IOException {
    String text =
        """
        extern "C" __global__ void copies(const float* in, float* out) {
          __shared__ __align__(16) float tile[2][4];
          cp_async_16(tile[0], in);
          cp_async_commit();
          cp_async_16(tile[1], in + 4, 8);
          cp_async_commit();
          cp_async_wait<1>();
          for (int i = 0; i < 8; i++) {
            out[i] = tile[i / 4][i % 4];
          }
          cp_async_wait<0>();
          for (int i = 0; i < 8; i++) {
            out[8 + i] = tile[i / 4][i % 4];
          }
        }
        """;
    Launch launch =
        Launch.of("copies", Extent.of(1), Extent.of(1), Argument.buffer(0), Argument.buffer(1));
    FiberProgram.Results results =
        compiler
            .compile(text, FiberChecks.ADDRESS)
            .run(List.of(bytes(1, 2, 3, 4, 5, 6, 7, 8), new byte[64]), List.of(launch), 0);
    assertThat(results.problem()).isNull();
    List<Float> out = new ArrayList<>();
    for (float value : floats(results.buffers().get(1))) {
      out.add(value);
    }
    assertThat(out.subList(0, 4)).containsExactly(1f, 2f, 3f, 4f);
    assertThat(out.subList(4, 8)).allMatch(value -> value.isNaN());
    assertThat(out.subList(8, 16)).containsExactly(1f, 2f, 3f, 4f, 5f, 6f, 0f, 0f);
  }
}
