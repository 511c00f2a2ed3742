package org.modelc.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.codegen.llvm.CodeUnits;
import org.modelc.codegen.llvm.EmittedNativeProgram;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.NativePlatform;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.GraphInterpreter;
import org.modelc.ir.interpreter.GraphInterpreter.Precision;
import org.modelc.passes.Pipeline;
import org.modelc.testkit.Tolerances;

/**
 * The cases of {@link OpNativeTest} where no JVM is at hand: musl's loader and libc ({@code
 * -Dmodelc.musl=/usr/bin/musl-gcc}), and AArch64 under QEMU ({@code
 * -Dmodelc.aarch64=/usr/bin/aarch64-linux-gnu-gcc -Dmodelc.qemu=/usr/bin/qemu-aarch64-static});
 * these are programs of Debian's musl-tools, gcc-aarch64-linux-gnu and qemu-user-static.
 */
class OpHarnessTest {
  /** Where Debian's libc6-dev-arm64-cross puts the C library. */
  private static final String CROSS = "/usr/aarch64-linux-gnu";

  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> musl() throws IOException, InterruptedException {
    String compiler = given("modelc.musl");
    NativePlatform host = NativePlatform.host();
    Assumptions.assumeTrue(host.format() == NativePlatform.Format.ELF, "Linux");
    List<DynamicTest> tests = new ArrayList<>();
    for (IsaLevel level : NativeLibrary.runnable()) {
      tests.addAll(tests(new CHarness(host, compiler, List.of()), level));
    }
    return tests.stream();
  }

  @TestFactory
  Stream<DynamicTest> aarch64() throws IOException, InterruptedException {
    String compiler = given("modelc.aarch64");
    List<String> emulator = List.of(given("modelc.qemu"), "-L", CROSS);
    return tests(new CHarness(NativePlatform.LINUX_AARCH64, compiler, emulator), IsaLevel.NEON)
        .stream();
  }

  private static String given(String property) {
    String path = System.getProperty(property);
    Assumptions.assumeTrue(path != null, "-D" + property + "=PATH was not given");
    return path;
  }

  private List<DynamicTest> tests(CHarness harness, IsaLevel level)
      throws IOException, InterruptedException {
    List<OpRun> runs = OpRun.all();
    List<EmittedGraph> graphs =
        EmittedGraph.all(
            runs.stream().map(OpRun::graph).toList(),
            Pipeline.TRAINING,
            harness.platform().target(level));
    HarnessCases cases = new HarnessCases(runs.size());
    for (int i = 0; i < runs.size(); i++) {
      cases.add(graphs.get(i), runs.get(i).inputs());
    }
    List<EmittedNativeProgram> programs = EmittedGraph.programs(graphs);
    byte[] library =
        NativeLibrary.bytes(
            CodeUnits.of(programs.stream().map(EmittedNativeProgram::module).toList(), ".test"),
            programs.stream().map(program -> program.abi().symbol()).toList(),
            level,
            harness.platform());
    CHarness.Results results = harness.run(library, cases.bytes(), folder);
    List<DynamicTest> tests = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      OpRun run = runs.get(i);
      EmittedGraph graph = graphs.get(i);
      List<List<Array>> outputs = outputs(graph, run, results.bytes());
      tests.add(
          DynamicTest.dynamicTest(
              level + " " + run.name(), () -> check(run, graph, outputs, results.problem())));
    }
    tests.add(
        DynamicTest.dynamicTest(
            level + " all was read and the harness ended well",
            () -> {
              assertThat(results.problem()).isNull();
              assertThat(results.bytes().remaining()).isZero();
            }));
    return tests;
  }

  private static List<List<Array>> outputs(EmittedGraph graph, OpRun run, ByteBuffer results) {
    Map<String, Integer> dims = graph.dims(run.inputs());
    List<List<Array>> outputs = new ArrayList<>();
    for (int i = 0; i < HarnessCases.RUNS; i++) {
      outputs.add(HarnessCases.read(graph, dims, results));
    }
    return outputs;
  }

  private static void check(
      OpRun run, EmittedGraph graph, List<List<Array>> outputs, String problem) {
    assertThat(outputs).as("%s ended the harness: %s", run.name(), problem).doesNotContainNull();
    List<Array> expected = GraphInterpreter.run(run.graph(), run.inputs(), Precision.TYPED);
    List<Array> alone = outputs.get(0);
    for (int i = 0; i < expected.size(); i++) {
      String difference =
          Tolerances.backend(expected.get(i).dtype()).difference(expected.get(i), alone.get(i));
      assertThat(difference).as("%s\n%s\n%s", run.name(), run.graph(), graph.source()).isNull();
    }
    assertThat(outputs.get(1)).as("two workers").isEqualTo(alone);
  }
}
