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
   * What images are made for: all devices, and those that have tensor cores for bf16. Drivers
   * compile PTX for newer ones.
   */
  private static final List<TargetDescription> TARGETS =
      List.of(TargetDescription.PORTABLE, new TargetDescription(80));

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
      for (TargetDescription target : TARGETS) {
        List<EmittedCudaProgram> emitted = emit(target);
        String text = CudaText.joined(emitted.stream().map(each -> each.text()).toList()).whole();
        // An image like the last one would only make the jar larger.
        if (!text.equals(last)) {
          CudaSpec.Image image = image(target, emitted);
          specs.add(image);
          String ptx = CudaCompiler.required().compile(text, target.architecture()).ptx();
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

  private CudaSpec.Image image(TargetDescription target, List<EmittedCudaProgram> emitted) {
    return new CudaSpec.Image(
        target.architecture(),
        resource("-sm_" + target.architecture() + ".ptx"),
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
