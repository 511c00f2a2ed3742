package org.modelc.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.modelc.codegen.cuda.CudaCompiler;
import org.modelc.codegen.cuda.DeviceCode;
import org.modelc.codegen.cuda.TargetDescription;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphParser;
import org.modelc.passes.Pipeline;

/**
 * The kernels of all ops' samples, of their vjps and of products in tiles compile for every
 * architecture, and none spills registers. Run with {@code mvn -Pcuda}; without NVRTC it is
 * skipped.
 */
class CudaCompileTest {
  private static final List<Integer> ARCHITECTURES =
      Integer.getInteger("cuda.architecture") == null
          ? List.of(75, 80, 86, 89, 90, 100, 120)
          : List.of(Integer.getInteger("cuda.architecture"));

  /** Threads of a block × registers of a thread may not be more than a multiprocessor has. */
  private static final int REGISTERS = 65536;

  @TestFactory
  List<DynamicTest> opKernels() {
    Assumptions.assumeTrue(
        CudaCompiler.available().isPresent(), "there is no NVRTC: run mvn -Pcuda");
    List<Graph> all = new ArrayList<>();
    OpRun.all().forEach(run -> all.add(run.graph()));
    CudaProductsTest.GRAPHS.forEach(text -> all.add(GraphParser.parse(text)));
    List<DynamicTest> tests = new ArrayList<>();
    for (int architecture : ARCHITECTURES) {
      TargetDescription target = new TargetDescription(architecture);
      tests.add(
          DynamicTest.dynamicTest(
              "sm_" + architecture,
              () -> check(EmittedCuda.all(all, Pipeline.TRAINING, target), architecture)));
    }
    return tests;
  }

  private static void check(List<EmittedCuda> graphs, int architecture) {
    String text = EmittedCuda.text(graphs);
    DeviceCode code = CudaCompiler.required().compile(text, architecture);
    Map<String, Integer> threads = new HashMap<>();
    graphs.forEach(
        graph ->
            graph
                .parts()
                .forEach(part -> part.launches().forEach(l -> threads.put(l.kernel(), l.block()))));
    assertThat(code.kernels()).hasSameSizeAs(threads.keySet());
    assertThat(code.kernels()).filteredOn(kernel -> kernel.spillBytes() > 0).isEmpty();
    assertThat(code.kernels())
        .allMatch(kernel -> kernel.registers() * threads.get(kernel.kernel()) <= REGISTERS);
    System.out.printf("sm_%d: %s%n", architecture, summary(code));
  }

  private static String summary(DeviceCode code) {
    var registers = code.kernels().stream().mapToInt(DeviceCode.Resources::registers);
    long stack = code.kernels().stream().filter(kernel -> kernel.stackBytes() > 0).count();
    String products =
        code.kernels().stream()
            .filter(kernel -> kernel.registers() > 48)
            .map(kernel -> " " + kernel.kernel() + " " + kernel.registers())
            .collect(Collectors.joining());
    return code.kernels().size()
        + " kernels, registers "
        + registers.summaryStatistics()
        + ", with a stack: "
        + stack
        + ", with more than 48 registers:"
        + products;
  }
}
