package org.modelc.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.modelc.codegen.cuda.DeviceCode;
import org.modelc.codegen.cuda.Multiprocessor;
import org.modelc.codegen.cuda.TargetDescription;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphParser;
import org.modelc.passes.Pipeline;
import org.modelc.testkit.ptx.PtxAssembler;

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

  /** The version of PTX that brought an architecture, × 10, and that its text is of. */
  private static final Map<Integer, Integer> VERSIONS =
      Map.of(75, 63, 80, 70, 86, 71, 89, 78, 90, 78, 100, 86, 120, 87);

  /** NVRTC gives PTX with machine code made before its version was lowered. */
  private static final Optional<PtxAssembler> ASSEMBLER = PtxAssembler.find();

  /** What a block has without a launcher's asking for more. */
  private static final int SHARED = 48 * 1024;

  @TestFactory
  List<DynamicTest> opKernels() {
    PtxCompiler.required();
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

  private static void check(List<EmittedCuda> graphs, int architecture) throws IOException {
    String text = EmittedCuda.text(graphs);
    DeviceCode code = PtxCompiler.required().compile(text, architecture);
    Map<String, Integer> threads = new HashMap<>();
    graphs.forEach(
        graph ->
            graph
                .parts()
                .forEach(part -> part.launches().forEach(l -> threads.put(l.kernel(), l.block()))));
    assertThat(code.kernels()).hasSameSizeAs(threads.keySet());
    assertThat(code.kernels()).filteredOn(kernel -> kernel.spillBytes() > 0).isEmpty();
    assertThat(code.kernels()).allMatch(kernel -> kernel.sharedBytes() <= SHARED);
    Multiprocessor processor = Multiprocessor.of(architecture);
    assertThat(code.kernels())
        .allMatch(kernel -> processor.holds(kernel, threads.get(kernel.kernel())) >= 1);
    String version = Integer.toString(VERSIONS.get(architecture));
    assertThat(code.ptx().lines().filter(line -> line.matches("\\.(version|target) .*")))
        .containsExactly(
            ".version " + version.charAt(0) + "." + version.charAt(1),
            ".target sm_" + architecture);
    if (ASSEMBLER.isPresent()) {
      ASSEMBLER.get().requireValid(code.ptx(), architecture);
    }
    assertThat(code.cubin()).startsWith(0x7f, 'E', 'L', 'F');
    String report = report(code, threads, processor, architecture);
    Files.writeString(Path.of("target/cuda-occupancy-sm_" + architecture + ".txt"), report);
    System.out.print(report.lines().limit(1).findFirst().orElse("") + "\n");
  }

  /** Kernels with what they take and the share of threads that a multiprocessor holds of them. */
  private static String report(
      DeviceCode code, Map<String, Integer> threads, Multiprocessor processor, int architecture) {
    var registers = code.kernels().stream().mapToInt(DeviceCode.Resources::registers);
    StringBuilder text = new StringBuilder();
    text.append("sm_" + architecture + ": " + code.kernels().size() + " kernels, registers ");
    text.append(registers.summaryStatistics()).append('\n');
    String format = "%9s %9s %9s %9s %9s  %s%n";
    String[] head = {"threads", "registers", "shared", "blocks", "occupancy", "kernel"};
    text.append(String.format(Locale.ROOT, format, (Object[]) head));
    for (DeviceCode.Resources kernel : code.kernels()) {
      int own = threads.get(kernel.kernel());
      long percent = Math.round(100 * processor.occupancy(kernel, own));
      text.append(
          String.format(
              Locale.ROOT,
              format,
              own,
              kernel.registers(),
              kernel.sharedBytes(),
              processor.holds(kernel, own),
              percent + "%",
              kernel.kernel()));
    }
    return text.toString();
  }
}
