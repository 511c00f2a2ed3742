package org.modelc.compiler.program;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;
import org.modelc.codegen.cuda.CudaBackend;
import org.modelc.codegen.cuda.CudaCompiler;
import org.modelc.codegen.cuda.CudaText;
import org.modelc.codegen.cuda.DeviceCode;
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
  private record Kind(String name, TargetDescription target, int architecture, List<Integer> only) {
    boolean isFor(int device) {
      return architecture <= device && (only.isEmpty() || only.contains(device));
    }
  }

  /** A text for an architecture, compiled once, when it is asked for. */
  private static final class Compiled {
    private final String text;
    private final int architecture;
    private DeviceCode code;

    Compiled(String text, int architecture) {
      this.text = text;
      this.architecture = architecture;
    }

    synchronized DeviceCode code() {
      if (code == null) {
        code = CudaCompiler.required().compile(text, architecture);
      }
      return code;
    }
  }

  private final ClassNames names;
  private final List<KernelProgram> programs;
  private final PooledConstants constants;
  private final List<Integer> architectures;
  private Map<String, Supplier<byte[]>> images;

  /**
   * @param constants takes the constants that programs are found to need
   * @param architectures that there is machine code for, beside the PTX
   */
  CudaBuild(
      ClassNames names,
      List<KernelProgram> programs,
      PooledConstants constants,
      List<Integer> architectures) {
    this.names = names;
    this.programs = List.copyOf(programs);
    this.constants = constants;
    this.architectures = List.copyOf(architectures);
  }

  /**
   * The resources that a jar carries for GPUs, by name: what there is to launch, PTX, machine code,
   * and for each platform the library that calls the driver, where there is one.
   */
  public Map<String, byte[]> resources(List<NativePlatform> platforms) {
    Map<String, byte[]> resources = new ConcurrentSkipListMap<>();
    pending(platforms).entrySet().parallelStream()
        .forEach(each -> resources.put(each.getKey(), each.getValue().get()));
    return resources;
  }

  /** The same, each compiled when it is first asked for. */
  Map<String, Supplier<byte[]>> pending(List<NativePlatform> platforms) {
    Map<String, Supplier<byte[]>> pending = new TreeMap<>(images());
    for (NativePlatform platform : platforms) {
      if (DriverGlue.isFor(platform)) {
        pending.put(
            NativeLibrary.resource(names.model() + NativePrograms.DEVICE, platform.text()),
            () -> DriverGlue.library(new LlvmToolchain(), platform));
      }
    }
    return pending;
  }

  /** What there is to launch, the PTX and the machine code. */
  synchronized Map<String, Supplier<byte[]>> images() {
    if (images == null) {
      Map<Kind, List<EmittedCudaProgram>> kinds = kinds();
      Map<String, Supplier<byte[]>> made = new TreeMap<>();
      List<CudaSpec.Image> specs = new ArrayList<>();
      kinds.forEach((kind, emitted) -> specs.add(image(kind, emitted, kinds.keySet(), made)));
      CudaSpec spec = new CudaSpec(CudaSpec.FORMAT, specs);
      made.put(resource(".launches"), () -> bytes(Json.write(SpecCodec.encode(spec))));
      images = made;
    }
    return images;
  }

  /** The kinds with texts of their own: an image like the last one would only make a jar larger. */
  private Map<Kind, List<EmittedCudaProgram>> kinds() {
    Map<Kind, List<EmittedCudaProgram>> kinds = new LinkedHashMap<>();
    String last = "";
    for (Kind kind : KINDS) {
      List<EmittedCudaProgram> emitted = emit(kind.target());
      String text = text(emitted);
      if (!text.equals(last)) {
        kinds.put(kind, emitted);
      }
      last = text;
    }
    return kinds;
  }

  private static String text(List<EmittedCudaProgram> emitted) {
    return CudaText.joined(emitted.stream().map(EmittedCudaProgram::text).toList()).whole();
  }

  /** A kind's image: PTX, and machine code for those architectures whose devices take this kind. */
  private CudaSpec.Image image(
      Kind kind,
      List<EmittedCudaProgram> emitted,
      Set<Kind> kinds,
      Map<String, Supplier<byte[]>> made) {
    String text = text(emitted);
    Compiled least = new Compiled(text, kind.architecture());
    String ptx = resource("-" + kind.name() + ".ptx");
    made.put(ptx, () -> bytes(least.code().ptx()));
    List<CudaSpec.MachineCode> machineCode = new ArrayList<>();
    for (int architecture : architectures) {
      if (taken(architecture, kinds) == kind) {
        boolean isLeast = architecture == kind.architecture();
        Compiled compiled = isLeast ? least : new Compiled(text, architecture);
        String cubin = resource("-sm_" + architecture + ".cubin");
        made.put(cubin, () -> compiled.code().cubin());
        machineCode.add(new CudaSpec.MachineCode(architecture, cubin));
      }
    }
    return new CudaSpec.Image(
        kind.name(),
        kind.architecture(),
        kind.only(),
        ptx,
        machineCode,
        emitted.stream().map(CudaBuild::program).toList());
  }

  /** The kind whose image a device takes: the last that is for it. */
  private static Kind taken(int architecture, Set<Kind> kinds) {
    Kind taken = null;
    for (Kind kind : kinds) {
      taken = kind.isFor(architecture) ? kind : taken;
    }
    return taken;
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
