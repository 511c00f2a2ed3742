package org.modelc.compiler.program;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.modelc.codegen.jvm.JavaCompilation;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.LlvmBackend;
import org.modelc.codegen.llvm.NativePlatform;
import org.modelc.runtime.CompiledProgram;
import org.modelc.runtime.ProgramSet;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.nativecode.NativeLibrary;
import org.modelc.runtime.nativecode.NativePrograms;
import org.modelc.runtime.spec.ModelManifest;
import org.modelc.runtime.spec.NativeSpec;
import org.modelc.runtime.spec.ProgramAbi;

/**
 * A model's programs as class files, and as native code if that is what runs them, with the
 * constants they share.
 */
public final class CompiledPrograms implements ProgramSet.Code {
  private final List<ProgramStages> programs;
  private final ClassNames names;
  private final Map<String, byte[]> classes;
  private final MemoryLoader loader;
  private final NativeBuild nativeBuild;
  private final PooledConstants constants = new PooledConstants();
  private ProgramSet.Code running;

  private CompiledPrograms(
      List<ProgramStages> programs,
      ClassNames names,
      Map<String, byte[]> classes,
      LlvmBackend nativeBackend) {
    this.programs = List.copyOf(programs);
    this.names = names;
    this.classes = classes;
    this.loader = new MemoryLoader(classes);
    programs.forEach(each -> constants.addNamed(each.emitted()));
    this.nativeBuild = nativeBackend == null ? null : newNativeBuild(nativeBackend);
    this.running = nativeBackend == null ? new Bytecode() : null;
  }

  /**
   * Links programs with others' sources.
   *
   * @param others further sources by binary name: the typed class
   * @param isNative whether native code runs them
   */
  public static CompiledPrograms of(
      List<ProgramStages> programs,
      Map<String, String> others,
      ClassNames names,
      boolean isNative) {
    Map<String, String> sources = new TreeMap<>(others);
    if (isNative) {
      sources.put(names.nativeCode(), NativeSource.of(names));
    }
    Map<String, byte[]> classes = new TreeMap<>();
    if (!sources.isEmpty()) {
      classes.putAll(JavaCompilation.compile(sources));
    }
    programs.forEach(each -> classes.putAll(each.classes()));
    return new CompiledPrograms(programs, names, classes, isNative ? new LlvmBackend() : null);
  }

  /** The same programs as native code that tells the times of its phases; null for bytecode. */
  public CompiledPrograms timed() {
    return nativeBuild == null
        ? null
        : new CompiledPrograms(programs, names, classes, new LlvmBackend().timed());
  }

  final NativeBuild newNativeBuild() {
    return newNativeBuild(new LlvmBackend());
  }

  private NativeBuild newNativeBuild(LlvmBackend backend) {
    return new NativeBuild(names, NativeKernels.of(programs), constants, backend);
  }

  /** The native code; null if bytecode runs. */
  public NativeBuild nativeBuild() {
    return nativeBuild;
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
    return classes;
  }

  /** Constants of the programs' pools by name, to be shipped with the parameters. */
  public Map<String, Tensor> constants() {
    running();
    return constants.tensors();
  }

  /** Native code is compiled when first needed, for this machine's best level alone. */
  private synchronized ProgramSet.Code running() {
    if (running == null) {
      NativePlatform host = NativePlatform.host();
      List<IsaLevel> levels = List.of(nativeBuild.hostLevel());
      NativeSpec spec = nativeBuild.spec(Map.of(host, levels));
      loader.library = nativeBuild.library(host, levels);
      loader.libraryName = NativeLibrary.resource(names.model(), host.text());
      Bytecode bytecode = new Bytecode();
      running = NativePrograms.of(names.model(), spec, Map.of(), loader, bytecode);
    }
    return running;
  }

  @Override
  public CompiledProgram of(ProgramAbi abi) {
    return running().of(abi);
  }

  @Override
  public List<ProgramAbi> abis(ModelManifest manifest) {
    return running().abis(manifest);
  }

  @Override
  public String backend() {
    return running().backend();
  }

  @Override
  public boolean direct() {
    return running().direct();
  }

  /** The programs as generated classes. */
  private final class Bytecode implements ProgramSet.Code {
    @Override
    public CompiledProgram of(ProgramAbi abi) {
      try {
        Class<?> type = Class.forName(abi.symbol(), true, loader);
        return (CompiledProgram) type.getDeclaredConstructor().newInstance();
      } catch (ReflectiveOperationException broken) {
        throw new IllegalStateException("generated class " + abi.symbol(), broken);
      }
    }
  }

  /** Defines classes from memory; the runtime's own come from the compiler's loader. */
  private static final class MemoryLoader extends ClassLoader {
    private final Map<String, byte[]> classes;
    private String libraryName;
    private byte[] library;

    MemoryLoader(Map<String, byte[]> classes) {
      super(CompiledProgram.class.getClassLoader());
      this.classes = classes;
    }

    @Override
    public InputStream getResourceAsStream(String name) {
      return name.equals(libraryName)
          ? new ByteArrayInputStream(library)
          : super.getResourceAsStream(name);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      byte[] bytes = classes.get(name);
      if (bytes == null) {
        throw new ClassNotFoundException(name);
      }
      return defineClass(name, bytes, 0, bytes.length);
    }
  }
}
