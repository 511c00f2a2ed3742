package org.modelc.compiler.program;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.modelc.codegen.cuda.CudaBackend;
import org.modelc.codegen.cuda.CudaCompiler;
import org.modelc.codegen.cuda.CudaText;
import org.modelc.codegen.cuda.EmittedCudaProgram;
import org.modelc.codegen.cuda.Launch;
import org.modelc.codegen.cuda.TargetDescription;
import org.modelc.codegen.llvm.NativePlatform;
import org.modelc.codegen.llvm.toolchain.DriverGlue;
import org.modelc.codegen.llvm.toolchain.LlvmToolchain;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.runtime.ModelResources;
import org.modelc.runtime.cuda.CudaSpec;
import org.modelc.runtime.nativecode.NativeLibrary;
import org.modelc.runtime.nativecode.NativePrograms;
import org.modelc.runtime.spec.Json;
import org.modelc.runtime.spec.SpecCodec;

/** A model's programs on their way to PTX, with what a jar needs to launch them. */
public final class CudaBuild {
  /**
   * Architectures as {@link TargetDescription} tells them apart: without asynchronous copies, with
   * tensor cores, and with such as multiply f32 faster than its other units do. Drivers compile the
   * PTX for whatever device of the kind there is.
   */
  private static final List<Kind> KINDS =
      List.of(
          new Kind("sm_75", TargetDescription.PORTABLE, 75, List.of()),
          new Kind("sm_80", new TargetDescription(86), 80, List.of()),
          new Kind("sm_80-tf32", new TargetDescription(80), 80, List.of(80, 90, 100)));

  /**
   * A kind of devices.
   *
   * @param target what emitters are told
   * @param architecture the least that the PTX is for
   * @param only the architectures that it is for; empty for all from the least on
   */
  private record Kind(
      String name, TargetDescription target, int architecture, List<Integer> only) {}

  private final ClassNames names;
  private final List<KernelProgram> programs;
  private final PooledConstants constants;
  private Map<String, byte[]> images;

  /**
   * @param constants takes the constants that programs are found to need
   */
  CudaBuild(ClassNames names, List<KernelProgram> programs, PooledConstants constants) {
    this.names = names;
    this.programs = List.copyOf(programs);
    this.constants = constants;
  }

  /**
   * The resources that a jar carries for GPUs, by name: what there is to launch, PTX, and for each
   * platform the library that calls the driver, where there is one.
   */
  public Map<String, byte[]> resources(List<NativePlatform> platforms) {
    Map<String, byte[]> resources = new TreeMap<>(images());
    for (NativePlatform platform : platforms) {
      if (DriverGlue.isFor(platform)) {
        resources.put(
            NativeLibrary.resource(names.model() + NativePrograms.DEVICE, platform.text()),
            DriverGlue.library(new LlvmToolchain(), platform));
      }
    }
    return resources;
  }

  /** What there is to launch, and the PTX. */
  synchronized Map<String, byte[]> images() {
    if (images == null) {
      Map<String, byte[]> made = new TreeMap<>();
      List<CudaSpec.Image> specs = new ArrayList<>();
      String last = "";
      for (Kind kind : KINDS) {
        List<EmittedCudaProgram> emitted = emit(kind.target());
        String text = CudaText.joined(emitted.stream().map(each -> each.text()).toList()).whole();
        // An image like the last one would only make the jar larger.
        if (!text.equals(last)) {
          CudaSpec.Image image = image(kind, emitted);
          specs.add(image);
          String ptx = CudaCompiler.required().compile(text, kind.architecture()).ptx();
          made.put(image.resource(), bytes(ptx));
        }
        last = text;
      }
      CudaSpec spec = new CudaSpec(CudaSpec.FORMAT, specs);
      made.put(resource(".launches"), bytes(Json.write(SpecCodec.encode(spec))));
      images = made;
    }
    return images;
  }

  private String resource(String suffix) {
    return ModelResources.FOLDER + names.model() + NativePrograms.DEVICE + suffix;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private List<EmittedCudaProgram> emit(TargetDescription target) {
    List<EmittedCudaProgram> emitted = new ArrayList<>();
    for (KernelProgram program : programs) {
      // Numbered, as two names may become one without their dots.
      String symbol = "p" + emitted.size() + "_" + program.name().replaceAll("[^A-Za-z0-9]", "_");
      emitted.add(constants.add(new CudaBackend().emit(program, symbol, target)));
    }
    return emitted;
  }

  private CudaSpec.Image image(Kind kind, List<EmittedCudaProgram> emitted) {
    return new CudaSpec.Image(
        kind.name(),
        kind.architecture(),
        kind.only(),
        resource("-" + kind.name() + ".ptx"),
        emitted.stream().map(CudaBuild::program).toList());
  }

  private static CudaSpec.DeviceProgram program(EmittedCudaProgram emitted) {
    return new CudaSpec.DeviceProgram(
        emitted.abi(), emitted.launches().stream().map(CudaBuild::kernel).toList());
  }

  private static CudaSpec.Kernel kernel(Launch launch) {
    return new CudaSpec.Kernel(
        launch.kernel(),
        launch.grid().stream().map(CudaBuild::blocks).toList(),
        launch.block(),
        0,
        launch.buffers(),
        launch.dims());
  }

  private static CudaSpec.Blocks blocks(Launch.Extent extent) {
    return new CudaSpec.Blocks(extent.count(), extent.per(), extent.most());
  }
}
