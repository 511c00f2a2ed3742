package org.modelc.codegen.llvm.gemm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.modelc.codegen.llvm.gemm.CompiledNests.dim;
import static org.modelc.codegen.llvm.gemm.Products.random;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.NativePlatform;
import org.modelc.codegen.llvm.TargetDescription;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.KernelInterpreter;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.kernel.KernelProgram.Parameter;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.ProgramAbi.Role;

class PackedWeightsTest {
  private static final TargetDescription TARGET =
      NativePlatform.LINUX_X86_64.target(IsaLevel.X86_64_V3);

  /** Both ways a weight can lie, with a last panel that is whole and one that is not. */
  @ParameterizedTest
  @CsvSource({"48,false", "48,true", "37,false", "37,true"})
  void theTwoProgramsComputeWhatTheOneDid(int columns, boolean turned) {
    LoopNest product = product(columns, turned);
    KernelProgram program = program(product, Role.PARAMETER);
    PackedWeights.Split split = PackedWeights.of(program, TARGET);
    assertThat(split.sources()).extracting(Parameter::name).containsExactly("b");
    assertThat(split.main().parameters()).extracting(Parameter::name).doesNotContain("b");
    Array a = array(5, 9, 1);
    Array b = turned ? array(columns, 9, 2) : array(9, columns, 2);
    Array flat = new Array(DType.F32, new int[] {9 * columns}, b.data());
    Array panels =
        KernelInterpreter.run(packing(split), Map.of("b", flat), Map.of())
            .get(split.panels().get(0).name());
    Array packed =
        KernelInterpreter.run(
                split.main(), Map.of("a", a, split.panels().get(0).name(), panels), Map.of())
            .get("c");
    Array plain = KernelInterpreter.run(program, Map.of("a", a, "b", b), Map.of()).get("c");
    assertThat(packed.data()).isEqualTo(plain.data());
  }

  @Test
  void whatChangesFromCallToCallStays() {
    assertThat(PackedWeights.of(program(product(48, false), Role.INPUT), TARGET)).isNull();
  }

  @Test
  void fewColumnsStay() {
    assertThat(PackedWeights.of(program(product(7, false), Role.PARAMETER), TARGET)).isNull();
  }

  /** By its cost at many rows such a product would rather have its rows along vectors. */
  @Test
  void aClassifiersColumnsArePackedAndStayColumns() {
    PackedWeights.Split split =
        PackedWeights.of(program(product(10, false), Role.PARAMETER), TARGET);
    assertThat(split.panels()).hasSize(1);
    LoopNest packed = (LoopNest) split.main().kernels().get(0);
    Contraction product = Contraction.of(packed);
    assertThat(product.rightPanels()).isNotNull();
    assertThat(product.columnCount().value()).isEqualTo(10);
  }

  private static LoopNest product(int columns, boolean turned) {
    return Products.matmul(
        "", DType.F32, dim(5), dim(columns), dim(9), false, turned, (sum, i, j) -> sum);
  }

  private static KernelProgram packing(PackedWeights.Split split) {
    // Packing kernels see what they pack as one row of elements.
    List<Parameter> parameters = new ArrayList<>();
    for (Parameter source : split.sources()) {
      Buffer buffer = source.buffer();
      Buffer flat = new Buffer(buffer.name(), buffer.dtype(), List.of(buffer.size()));
      parameters.add(new Parameter(flat, Role.PARAMETER, null));
    }
    split.panels().forEach(each -> parameters.add(new Parameter(each.buffer(), Role.OUTPUT, null)));
    return program(parameters, new ArrayList<>(split.packing()));
  }

  private static KernelProgram program(LoopNest product, Role weight) {
    List<Parameter> parameters = new ArrayList<>();
    product
        .reads()
        .forEach(
            buffer ->
                parameters.add(
                    new Parameter(buffer, buffer.name().equals("b") ? weight : Role.INPUT, null)));
    product.writes().forEach(buffer -> parameters.add(new Parameter(buffer, Role.OUTPUT, null)));
    return program(parameters, List.of(product));
  }

  private static KernelProgram program(
      List<Parameter> parameters, List<? extends org.modelc.ir.kernel.Kernel> kernels) {
    return new KernelProgram(
        "p",
        List.of(),
        List.of(),
        parameters,
        List.of(),
        Map.of(),
        Map.of(),
        List.copyOf(kernels),
        null);
  }

  private static Array array(int rows, int columns, long seed) {
    return new Array(DType.F32, new int[] {rows, columns}, random(rows * columns, seed));
  }
}
