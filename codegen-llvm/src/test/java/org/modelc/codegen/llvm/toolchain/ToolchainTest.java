package org.modelc.codegen.llvm.toolchain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.NativePlatform;

class ToolchainTest {
  private static final LlvmToolchain TOOLCHAIN = new LlvmToolchain();

  /** y[i] = 2 x[i] + 1 over dims[0] elements, a plain loop. */
  private static final String SCALE =
      """
      define i32 @scale(ptr %env, ptr %frame, i32 %worker, i32 %workers) {
      entry:
        %dims.at = getelementptr ptr, ptr %frame, i64 1
        %dims = load ptr, ptr %dims.at
        %n = load i64, ptr %dims
        %buffers.at = getelementptr ptr, ptr %frame, i64 2
        %buffers = load ptr, ptr %buffers.at
        %x = load ptr, ptr %buffers
        %y.at = getelementptr ptr, ptr %buffers, i64 1
        %y = load ptr, ptr %y.at
        br label %loop
      loop:
        %i = phi i64 [ 0, %entry ], [ %next, %loop ]
        %x.at = getelementptr float, ptr %x, i64 %i
        %value = load float, ptr %x.at
        %double = fmul float %value, 2.0
        %result = fadd float %double, 1.0
        %y.i = getelementptr float, ptr %y, i64 %i
        store float %result, ptr %y.i
        %next = add nuw nsw i64 %i, 1
        %more = icmp ult i64 %next, %n
        br i1 %more, label %loop, label %done
      done:
        ret i32 0
      }
      """;

  private static final String FUSED =
      SCALE
              .replace("%double = fmul float %value, 2.0", "")
              .replace(
                  "fadd float %double, 1.0",
                  "call float @llvm.fma.f32(float %value, float 2.0, float 1.0)")
          + "declare float @llvm.fma.f32(float, float, float)\n";

  /**
   * Each worker writes its number plus one into its place, waits, and adds up all places; 100
   * rounds, so that a barrier that lets anyone through early shows.
   */
  private static final String ROUNDS =
      """
      define i32 @rounds(ptr %env, ptr %frame, i32 %worker, i32 %workers) {
      entry:
        %team = load ptr, ptr %frame
        %buffers.at = getelementptr ptr, ptr %frame, i64 2
        %buffers = load ptr, ptr %buffers.at
        %places = load ptr, ptr %buffers
        %sums.at = getelementptr ptr, ptr %buffers, i64 1
        %sums = load ptr, ptr %sums.at
        %place = getelementptr i32, ptr %places, i32 %worker
        %sum.at = getelementptr i32, ptr %sums, i32 %worker
        br label %round
      round:
        %r = phi i32 [ 0, %entry ], [ %r.next, %round.end ]
        %old = load i32, ptr %place
        %old1 = add i32 %old, 1
        %new = add i32 %old1, %worker
        store i32 %new, ptr %place
        %f1 = call i32 @modelc_barrier(ptr %env, ptr %team, i32 %worker, i32 %workers)
        %bad1 = icmp ne i32 %f1, 0
        br i1 %bad1, label %failed, label %add
      add:
        %i = phi i32 [ 0, %round ], [ %i.next, %add ]
        %total = phi i32 [ 0, %round ], [ %total.next, %add ]
        %other = getelementptr i32, ptr %places, i32 %i
        %v = load i32, ptr %other
        %total.next = add i32 %total, %v
        %i.next = add i32 %i, 1
        %more = icmp ult i32 %i.next, %workers
        br i1 %more, label %add, label %added
      added:
        %before = load i32, ptr %sum.at
        %after = add i32 %before, %total.next
        store i32 %after, ptr %sum.at
        %f2 = call i32 @modelc_barrier(ptr %env, ptr %team, i32 %worker, i32 %workers)
        %bad2 = icmp ne i32 %f2, 0
        br i1 %bad2, label %failed, label %round.end
      round.end:
        %r.next = add i32 %r, 1
        %again = icmp ult i32 %r.next, 100
        br i1 %again, label %round, label %done
      done:
        ret i32 0
      failed:
        ret i32 1
      }
      declare i32 @modelc_barrier(ptr, ptr, i32, i32)
      """;

  @Test
  void compiledCodeRunsOverDirectBuffers() {
    for (IsaLevel level : NativeFunction.runnable()) {
      NativeFunction function = NativeFunction.compile(SCALE, "scale", level);
      ByteBuffer x = NativeFunction.floats(0f, 1f, -2.5f);
      ByteBuffer y = NativeFunction.bytes(12);
      assertThat(function.run(new long[] {3}, 0, x, y)).isZero();
      assertThat(NativeFunction.floats(y)).as("%s", level).containsExactly(1f, 3f, -4f);
    }
  }

  /**
   * In round r the places hold r * (worker + 1), so the sums come to 5050 * workers * (workers + 1)
   * / 2.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void aBarrierLetsNobodyThroughEarly(int workers) {
    IsaLevel least = NativePlatform.host().levels().get(0);
    NativeFunction function = NativeFunction.compile(ROUNDS, "rounds", least);
    ByteBuffer places = NativeFunction.bytes(4 * workers);
    ByteBuffer sums = NativeFunction.bytes(4 * workers);
    assertThat(function.run(workers, new long[0], 0, places, sums)).isZero();
    for (int worker = 0; worker < workers; worker++) {
      assertThat(sums.getInt(4 * worker)).isEqualTo(5050 * workers * (workers + 1) / 2);
    }
  }

  @Test
  void aLevelsInstructionsAreUsed() {
    NativePlatform linux = NativePlatform.LINUX_X86_64;
    assertThat(TOOLCHAIN.assembly(FUSED, linux.target(IsaLevel.X86_64_V3)))
        .contains("vfmadd", "%ymm")
        .doesNotContain("%zmm");
    assertThat(TOOLCHAIN.assembly(FUSED, linux.target(IsaLevel.X86_64_V4))).contains("%zmm");
    assertThat(TOOLCHAIN.assembly(FUSED, NativePlatform.LINUX_AARCH64.target(IsaLevel.NEON)))
        .containsPattern("fmla|fmadd");
    assertThat(TOOLCHAIN.optimised(FUSED, linux.target(IsaLevel.X86_64_V3)))
        .contains("<8 x float>", "define hidden");
  }

  @Test
  void aMistakeIsShownWithItsLine() {
    String text =
        """
        define i32 @wrong(ptr %env) {
          %x = add i32 1, 2
          ret i64 %x
        }
        """;
    assertThatThrownBy(
            () -> TOOLCHAIN.object(text, NativePlatform.LINUX_X86_64.target(IsaLevel.X86_64_V3)))
        .isInstanceOf(LlvmException.class)
        .hasMessageContaining("line 3:11")
        .hasMessageContaining("ret i64 %x");
  }

  @Test
  void aMissingSymbolIsNamed() {
    String text =
        """
        declare i32 @missing_function()
        define i32 @Java_caller() {
          %x = call i32 @missing_function()
          ret i32 %x
        }
        """;
    NativePlatform linux = NativePlatform.LINUX_X86_64;
    byte[] object = TOOLCHAIN.object(text, linux.target(IsaLevel.X86_64_V2));
    assertThatThrownBy(() -> TOOLCHAIN.library(List.of(object), linux))
        .isInstanceOf(LlvmException.class)
        .hasMessageContaining("missing_function");
  }

  @ParameterizedTest
  @EnumSource(NativePlatform.class)
  void sameInputSameBytes(NativePlatform platform) {
    assertThat(library(platform)).isEqualTo(library(platform));
  }

  private static byte[] library(NativePlatform platform) {
    IsaLevel best = platform.levels().get(platform.levels().size() - 1);
    String glue = NativeGlue.text(platform, "com.acme.Net$Native", List.of(List.of("scale")), true);
    return TOOLCHAIN.library(
        List.of(TOOLCHAIN.object(SCALE, platform.target(best)), TOOLCHAIN.baseline(glue, platform)),
        platform);
  }

  /** JNI specification, table 2-1: _1 for _, _0xxxx for other characters. */
  @Test
  void classNamesAreMangledAsJniDemands() {
    assertThat(NativeGlue.mangled("com.acme.My_Net$Native"))
        .isEqualTo("com_acme_My_1Net_00024Native");
  }
}
