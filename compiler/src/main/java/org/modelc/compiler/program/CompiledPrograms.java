package org.modelc.compiler.program;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.modelc.codegen.jvm.MemoryLoader;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.LlvmBackend;
import org.modelc.codegen.llvm.NativePlatform;
import org.modelc.codegen.llvm.schedule.ProductSchedules;
import org.modelc.compiler.Backend;
import org.modelc.runtime.CompiledProgram;
import org.modelc.runtime.Frame;
import org.modelc.runtime.ModelFiles;
import org.modelc.runtime.Program;
import org.modelc.runtime.ProgramSet;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.nativecode.NativeLibrary;
import org.modelc.runtime.nativecode.NativePrograms;
import org.modelc.runtime.spec.ModelManifest;
import org.modelc.runtime.spec.NativeSpec;
import org.modelc.runtime.spec.ProgramAbi;
import org.modelc.runtime.workers.Cohort;

/**
 * A model's programs as class files, and as native code if that is what runs them, with the
 * constants they share.
 */
public final class CompiledPrograms implements ProgramSet.Code {
  private final List<ProgramStages> programs;
  private final ClassNames names;
  private final PendingClasses classes;
  private final ProgramLoader loader;
  private final NativeBuild nativeBuild;
  private final CudaBuild cudaBuild;
  private final PooledConstants constants = new PooledConstants();
  private final LlvmBackend nativeBackend;
  private ProgramSet.Code running;

  private CompiledPrograms(
      List<ProgramStages> programs,
      ClassNames names,
      PendingClasses classes,
      Backend backend,
      List<Integer> gpus,
      LlvmBackend nativeBackend) {
    this.programs = List.copyOf(programs);
    this.names = names;
    this.classes = classes;
    this.nativeBackend = nativeBackend;
    this.loader = new ProgramLoader(classes);
    programs.forEach(each -> constants.addNamed(each.emitted()));
    this.nativeBuild = backend == Backend.NATIVE ? newNativeBuild(nativeBackend) : null;
    this.cudaBuild = backend == Backend.CUDA ? newCudaBuild(gpus) : null;
    this.running = backend == Backend.JVM ? new Bytecode() : null;
  }

  /**
   * Links programs with others' sources.
   *
   * @param others further sources by binary name: the typed class
   * @param backend what runs them
   */
  public static CompiledPrograms of(
      List<ProgramStages> programs, Map<String, String> others, ClassNames names, Backend backend) {
    return of(programs, others, names, backend, List.of(), ProductSchedules.NONE);
  }

  /**
   * As {@link #of(List, Map, ClassNames, Backend)}.
   *
   * @param gpus the architectures that there is machine code for, if GPUs run them
   * @param schedules of native kernels, used before the cost model's
   */
  public static CompiledPrograms of(
      List<ProgramStages> programs,
      Map<String, String> others,
      ClassNames names,
      Backend backend,
      List<Integer> gpus,
      ProductSchedules schedules) {
    Map<String, String> sources = new TreeMap<>(others);
    if (backend == Backend.NATIVE) {
      sources.put(names.nativeCode(), NativeSource.of(names));
    }
    Map<String, byte[]> ready = new TreeMap<>();
    for (ProgramStages each : programs) {
      if (each.classes().isEmpty()) {
        sources.put(each.emitted().abi().symbol(), each.emitted().source());
      } else {
        ready.putAll(each.classes());
      }
    }
    PendingClasses classes = new PendingClasses(ready, sources);
    return new CompiledPrograms(
        programs, names, classes, backend, gpus, new LlvmBackend(schedules));
  }

  /** The same programs as native code that tells the times of its phases; null for bytecode. */
  public CompiledPrograms timed() {
    return nativeBuild == null ? null : timed(nativeBackend);
  }

  /** As {@link #timed()}, with schedules in place of those that it was compiled with. */
  public CompiledPrograms timed(ProductSchedules schedules) {
    return timed(new LlvmBackend(schedules));
  }

  private CompiledPrograms timed(LlvmBackend backend) {
    return new CompiledPrograms(
        programs, names, classes, Backend.NATIVE, List.of(), backend.timed());
  }

  final NativeBuild newNativeBuild() {
    return newNativeBuild(nativeBackend);
  }

  private NativeBuild newNativeBuild(LlvmBackend backend) {
    return new NativeBuild(
        names, TargetKernels.of(programs, TargetKernels.LLVM), constants, backend);
  }

  private CudaBuild newCudaBuild(List<Integer> gpus) {
    return new CudaBuild(names, TargetKernels.of(programs, TargetKernels.CUDA), constants, gpus);
  }

  /** The native code; null if something else runs. */
  public NativeBuild nativeBuild() {
    return nativeBuild;
  }

  /** The code of GPUs; null if something else runs. */
  public CudaBuild cudaBuild() {
    return cudaBuild;
  }

  /** Every program with its stages, in order. */
  public List<ProgramStages> programs() {
    return programs;
  }

  /** How each program is called as bytecode. */
  public List<ProgramAbi> abis() {
    return programs.stream().map(each -> each.emitted().abi()).toList();
  }

  /** Class files by binary name. */
  public Map<String, byte[]> classes() {
    return classes.get();
  }

  /** Constants of the programs' pools by name, to be shipped with the parameters. */
  public Map<String, Tensor> constants() {
    if (cudaBuild == null) {
      running();
    } else {
      cudaBuild.images();
    }
    return constants.tensors();
  }

  /** Other code than bytecode is compiled when first needed. */
  private synchronized ProgramSet.Code running() {
    if (running == null) {
      running = cudaBuild == null ? runningNative() : runningCuda();
    }
    return running;
  }

  /** The jar's library if that is linked already, else one of this machine's best level alone. */
  private ProgramSet.Code runningNative() {
    NativePlatform host = NativePlatform.host();
    List<IsaLevel> levels = nativeBuild.runningLevels();
    NativeSpec spec = nativeBuild.spec(Map.of(host, levels));
    String name = NativeLibrary.resource(names.model(), host.text());
    byte[] library = nativeBuild.library(host, levels);
    loader.resources = Map.of(name, () -> library);
    return NativePrograms.of(names.model(), spec, ModelFiles.of(loader, Map.of()), new Bytecode());
  }

  /** As a jar would run it; of the images that one is compiled which this machine's GPU takes. */
  private ProgramSet.Code runningCuda() {
    loader.resources = cudaBuild.pending(List.of(NativePlatform.host()));
    Map<String, String> sums = new TreeMap<>();
    loader.resources.keySet().forEach(name -> sums.put(name, null));
    return NativePrograms.of(names.model(), null, ModelFiles.of(loader, sums), new Bytecode());
  }

  @Override
  public CompiledProgram of(ProgramAbi abi) {
    return running().of(abi);
  }

  @Override
  public List<ProgramAbi> abis(ModelManifest manifest) {
    return running().abis(manifest);
  }

  /** A jar for GPUs that nothing ran is built where there need be none. */
  @Override
  public synchronized String backend() {
    return cudaBuild != null && running == null ? Backend.CUDA.toString() : running().backend();
  }

  @Override
  public Tensor placed(Tensor tensor) {
    return running().placed(tensor);
  }

  @Override
  public Frame frame(Program program, Map<String, Tensor> tensors, Cohort cohort) {
    return running().frame(program, tensors, cohort);
  }

  /** The programs as generated classes. */
  private final class Bytecode implements ProgramSet.Code {
    @Override
    public CompiledProgram of(ProgramAbi abi) {
      return loader.program(abi.symbol());
    }
  }

  /** Has resources in memory, too. */
  private static final class ProgramLoader extends MemoryLoader {
    private Map<String, Supplier<byte[]>> resources = Map.of();

    ProgramLoader(PendingClasses classes) {
      super(classes::get);
    }

    @Override
    public InputStream getResourceAsStream(String name) {
      Supplier<byte[]> resource = resources.get(name);
      return resource == null
          ? super.getResourceAsStream(name)
          : new ByteArrayInputStream(resource.get());
    }
  }
}
