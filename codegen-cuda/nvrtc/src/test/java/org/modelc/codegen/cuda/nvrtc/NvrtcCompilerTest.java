package org.modelc.codegen.cuda.nvrtc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.modelc.codegen.cuda.CudaCompiler;
import org.modelc.codegen.cuda.DeviceCode;
import org.modelc.runtime.ModelcException;

class NvrtcCompilerTest {
  private static final String SCALED =
      """
      extern "C" __global__ void scaled(float* x) {
        x[threadIdx.x] = x[threadIdx.x] * 3.0f + 1.0f;
      }
      """;

  @Test
  void kernelsCompileWithoutContraction() {
    DeviceCode code = CudaCompiler.required().compile(SCALED, 75);
    assertThat(code.ptx()).contains(".target sm_75", ".entry scaled(", "mul.rn.f32", "add.rn.f32");
    assertThat(code.ptx()).doesNotContain("fma.rn.f32");
    assertThat(code.cubin()).startsWith(0x7f, 'E', 'L', 'F');
  }

  @Test
  void theAssemblerTellsRegisters() {
    DeviceCode code = CudaCompiler.required().compile(SCALED, 90);
    DeviceCode.Resources kernel = code.kernels().get(0);
    assertThat(code.kernels()).hasSize(1);
    assertThat(kernel.kernel()).isEqualTo("scaled");
    assertThat(kernel.registers()).isBetween(2, 32);
    assertThat(kernel.spillBytes()).isZero();
  }

  @Test
  void errorsHaveTheCompilersWords() {
    assertThatThrownBy(() -> CudaCompiler.required().compile("extern \"C\" void f( {}", 80))
        .isInstanceOf(ModelcException.class)
        .hasMessageContaining("sm_80")
        .hasMessageContaining("kernels.cu(1)");
  }

  /** 120 values alive at once cannot do with few registers. */
  @Test
  void spillsAreSeen() {
    StringBuilder text = new StringBuilder();
    text.append("extern \"C\" __global__ void __launch_bounds__(1024, 2) wide(float* x) {\n");
    for (int i = 0; i < 120; i++) {
      text.append("float a").append(i).append(" = x[").append(i).append("];\n");
    }
    text.append("__syncthreads();\n");
    for (int i = 0; i < 120; i++) {
      text.append("x[").append(i).append(" + threadIdx.x] = a").append(119 - i).append(";\n");
    }
    DeviceCode code = CudaCompiler.required().compile(text + "}\n", 80);
    assertThat(code.kernels().get(0).spillBytes()).isPositive();
  }
}
