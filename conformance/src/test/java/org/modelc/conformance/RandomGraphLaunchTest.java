package org.modelc.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.codegen.cuda.CudaCompiler;
import org.modelc.codegen.cuda.EmittedCudaProgram;
import org.modelc.codegen.cuda.Launch;
import org.modelc.codegen.llvm.NativePlatform;
import org.modelc.codegen.llvm.toolchain.DriverGlue;
import org.modelc.codegen.llvm.toolchain.LlvmToolchain;
import org.modelc.conformance.driver.DriverScene;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.GraphInterpreter;
import org.modelc.ir.interpreter.GraphInterpreter.Precision;
import org.modelc.ir.kernel.PooledConstant;
import org.modelc.passes.Pipeline;
import org.modelc.runtime.Frame;
import org.modelc.runtime.ModelFiles;
import org.modelc.runtime.ModelResources;
import org.modelc.runtime.ProgramSet;
import org.modelc.runtime.Safetensors;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.cuda.CudaCode;
import org.modelc.runtime.cuda.CudaSpec;
import org.modelc.runtime.nativecode.NativeLibrary;
import org.modelc.runtime.nativecode.NativePrograms;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Json;
import org.modelc.runtime.spec.ProgramAbi.Role;
import org.modelc.runtime.spec.SpecCodec;
import org.modelc.testkit.fiber.HostCompiler;
import org.modelc.testkit.random.Agreement;
import org.modelc.testkit.random.RandomCase;
import org.modelc.testkit.random.RandomGraphs;

/**
 * Random graphs through the launcher and the mock driver against the interpreter: kernel by kernel,
 * captured, and as graphs. {@code -Drandom.launch=N} makes N graphs instead of 20, {@code
 * -Drandom.seed=S} starts at another seed.
 */
class RandomGraphLaunchTest {
  private static final int GRAPHS = Integer.getInteger("random.launch", 20);
  private static final long FIRST_SEED = Long.getLong("random.seed", 1);
  private static final int CALLS = 3;
  private static final String PTX = ModelResources.FOLDER + "random.ptx";

  @TempDir static Path folder;

  /** What a jar would have, from memory. */
  private static final class Resources extends ClassLoader {
    private final Map<String, byte[]> resources = new HashMap<>();

    Resources() {
      super(RandomGraphLaunchTest.class.getClassLoader());
    }

    void put(String name, byte[] bytes) {
      resources.put(name, bytes);
    }

    Map<String, String> checksums() {
      Map<String, String> checksums = new HashMap<>();
      resources.forEach((name, bytes) -> checksums.put(name, Safetensors.crc32(bytes)));
      return checksums;
    }

    @Override
    public InputStream getResourceAsStream(String name) {
      byte[] bytes = resources.get(name);
      return bytes == null ? super.getResourceAsStream(name) : new ByteArrayInputStream(bytes);
    }
  }

  @Test
  void agree() throws IOException {
    Assumptions.assumeTrue(HostCompiler.isAvailable(), "there is no g++");
    List<RandomCase> cases = new ArrayList<>();
    for (long seed = FIRST_SEED; seed < FIRST_SEED + GRAPHS; seed++) {
      DType dtype = seed % 4 == 0 ? DType.F64 : DType.F32;
      RandomCase random = RandomGraphs.make(seed, dtype);
      cases.add(seed % 3 == 0 ? GradientGraph.of(random, dtype) : random);
    }
    try (DriverScene scene = new DriverScene(folder, "capability 8 6")) {
      Resources jar = new Resources();
      List<EmittedCuda> emitted =
          EmittedCuda.all(cases.stream().map(RandomCase::graph).toList(), Pipeline.INFERENCE);
      put(jar, emitted);
      List<String> failures = new ArrayList<>();
      for (int i = 0; i < cases.size(); i++) {
        String failure = failure(cases.get(i), emitted.get(i), code(jar, i));
        if (failure != null) {
          failures.add(failure + "\n" + cases.get(i) + emitted.get(i).source());
        }
      }
      assertThat(failures).as("graphs that differ").isEmpty();
      assertThat(scene.driver().log()).noneMatch(line -> line.startsWith("ERROR"));
      assertThat(scene.driver().count("cuGraphLaunch"))
          .isGreaterThanOrEqualTo((CALLS - 1L) * GRAPHS);
    }
  }

  private static void put(Resources jar, List<EmittedCuda> emitted) {
    String ptx = CudaCompiler.required().compile(EmittedCuda.text(emitted), 80).ptx();
    jar.put(PTX, ptx.getBytes(StandardCharsets.UTF_8));
    NativePlatform here = NativePlatform.host();
    byte[] library = DriverGlue.library(new LlvmToolchain(), here);
    for (int i = 0; i < emitted.size(); i++) {
      CudaSpec.Image image =
          new CudaSpec.Image("sm_80", 80, List.of(), PTX, List.of(), programs(emitted.get(i)));
      CudaSpec spec = new CudaSpec(CudaSpec.FORMAT, List.of(image));
      String name = model(i) + NativePrograms.DEVICE;
      String json = Json.write(SpecCodec.encode(spec));
      jar.put(ModelResources.FOLDER + name + ".launches", json.getBytes(StandardCharsets.UTF_8));
      jar.put(NativeLibrary.resource(name, here.text()), library);
    }
  }

  private static String model(int number) {
    return "Random" + number;
  }

  private static List<CudaSpec.DeviceProgram> programs(EmittedCuda emitted) {
    List<CudaSpec.DeviceProgram> programs = new ArrayList<>();
    for (EmittedCudaProgram part : emitted.parts()) {
      List<CudaSpec.Kernel> kernels = new ArrayList<>();
      part.launches().forEach(launch -> kernels.add(kernel(launch)));
      programs.add(new CudaSpec.DeviceProgram(part.abi(), kernels));
    }
    return programs;
  }

  private static CudaSpec.Kernel kernel(Launch launch) {
    List<CudaSpec.Blocks> grid = new ArrayList<>();
    launch.grid().forEach(e -> grid.add(new CudaSpec.Blocks(e.count(), e.per(), e.most())));
    return new CudaSpec.Kernel(
        launch.kernel(), grid, launch.block(), 0, launch.buffers(), launch.dims());
  }

  private static ProgramSet.Code code(Resources jar, int number) {
    ProgramSet.Code code = new CudaCode().of(model(number), ModelFiles.of(jar, jar.checksums()));
    assertThat(code).as("the mock takes it").isNotNull();
    return code;
  }

  private static String failure(RandomCase random, EmittedCuda emitted, ProgramSet.Code code) {
    List<Array> exact = GraphInterpreter.run(random.graph(), random.inputs(), Precision.EXACT);
    List<Array> typed = GraphInterpreter.run(random.graph(), random.inputs(), Precision.TYPED);
    ProgramSet programs = new ProgramSet(null, code, tensors(random, emitted));
    Frame frame = programs.frame(emitted.parts().get(emitted.parts().size() - 1).abi().name());
    List<Array> first = null;
    for (int call = 0; call < CALLS; call++) {
      List<Array> actual = called(frame, random);
      String difference = Agreement.difference(exact, typed, actual);
      if (difference != null) {
        return "call " + call + ": " + difference;
      }
      if (first != null && !actual.equals(first)) {
        return "call " + call + " gives other bits than the first";
      }
      first = actual;
    }
    return null;
  }

  /** Parameters, and what the emitter found to be constant. */
  private static Map<String, Tensor> tensors(RandomCase random, EmittedCuda emitted) {
    Map<String, Tensor> tensors = new HashMap<>();
    for (int i = 0; i < random.inputs().size(); i++) {
      Graph.Input input = random.graph().inputs().get(i);
      if (input.role() != Role.INPUT) {
        Array array = random.inputs().get(i);
        List<Integer> shape = java.util.Arrays.stream(array.shape()).boxed().toList();
        tensors.put(input.name(), new Tensor(array.dtype(), shape, HostArrays.of(array)));
      }
    }
    for (EmittedCudaProgram part : emitted.parts()) {
      for (PooledConstant constant : part.constants()) {
        part.abi().buffers().stream()
            .filter(buffer -> buffer.name().equals(constant.buffer()))
            .forEach(
                buffer -> {
                  int size = (int) buffer.size().evaluate(Map.of());
                  Object elements = HostArrays.filledWithGarbage(buffer.dtype(), size);
                  HostArrays.fill(elements, constant.elements(), buffer.dtype());
                  tensors.put(buffer.name(), new Tensor(buffer.dtype(), List.of(size), elements));
                });
      }
    }
    return tensors;
  }

  private static List<Array> called(Frame frame, RandomCase random) {
    Map<String, Integer> dims = new EmittedGraph(random.graph(), List.of()).dims(random.inputs());
    frame.program().abi().dims().forEach(dim -> frame.dim(dim, dims.get(dim)));
    for (int i = 0; i < random.inputs().size(); i++) {
      Graph.Input input = random.graph().inputs().get(i);
      if (input.role() == Role.INPUT) {
        frame.bind(input.name(), HostArrays.of(random.inputs().get(i)));
      }
    }
    frame.run();
    List<Array> results = new ArrayList<>();
    for (Graph.Output output : random.graph().outputs()) {
      var type = output.value().tensor();
      int[] shape = type.shape().stream().mapToInt(dim -> (int) dim.evaluate(dims)).toArray();
      results.add(HostArrays.toArray(type.dtype(), shape, frame.array(output.name())));
    }
    return results;
  }
}
