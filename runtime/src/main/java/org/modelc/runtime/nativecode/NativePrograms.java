package org.modelc.runtime.nativecode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.CompiledProgram;
import org.modelc.runtime.FormatException;
import org.modelc.runtime.ProgramSet;
import org.modelc.runtime.spec.ModelManifest;
import org.modelc.runtime.spec.NativeSpec;
import org.modelc.runtime.spec.NativeSpec.NativeProgramSpec;
import org.modelc.runtime.spec.ProgramAbi;

/** A model's programs in the library of this platform, at the best level that the CPU has. */
public final class NativePrograms implements ProgramSet.Code {
  /** What {@link #backend} begins with. */
  public static final String NATIVE = "native";

  private final NativeCode code;
  private final NativeSpec spec;
  private final String level;
  private final List<ProgramAbi> abis = new ArrayList<>();
  private final Map<String, Integer> numbers = new HashMap<>();

  private NativePrograms(NativeCode code, NativeSpec spec, String level) {
    this.code = code;
    this.spec = spec;
    this.level = level;
    for (NativeProgramSpec program : spec.programs()) {
      numbers.put(program.abi().name(), abis.size());
      abis.add(program.abi());
    }
  }

  /**
   * A model's native code, loaded when first asked for; its bytecode, after one warning, where
   * there is none for this machine or it cannot be loaded.
   *
   * @param loader has the class with the native methods and the library's resource
   * @throws FormatException if the library is damaged
   */
  public static ProgramSet.Code of(
      ModelManifest manifest, ClassLoader loader, ProgramSet.Code bytecode) {
    NativeSpec spec = manifest.nativeCode();
    if (spec == null || NativeLibrary.isOff()) {
      return bytecode;
    }
    NativeCode code = code(manifest.name(), spec, loader);
    NativeLibrary library = new NativeLibrary(manifest, loader);
    synchronized (code) {
      if (code.level == null) {
        code.level = library.load(code);
      }
    }
    return code.level.isEmpty() ? bytecode : new NativePrograms(code, spec, code.level);
  }

  /** The one instance that the class holds: a library loads once in a class loader. */
  private static NativeCode code(String model, NativeSpec spec, ClassLoader loader) {
    try {
      Class<?> type = Class.forName(spec.type(), true, loader);
      return (NativeCode) type.getField("INSTANCE").get(null);
    } catch (ReflectiveOperationException | ClassCastException | LinkageError e) {
      throw new FormatException(
          "the native code of model " + model + " cannot be used: " + e,
          "the jar lacks the class " + spec.type() + " or was made for another runtime",
          e);
    }
  }

  @Override
  public CompiledProgram of(ProgramAbi abi) {
    int number = numbers.get(abi.name());
    return new NativeProgram(code, number, spec.programs().get(number).scratchBytes());
  }

  @Override
  public List<ProgramAbi> abis(ModelManifest manifest) {
    return abis;
  }

  @Override
  public String backend() {
    return NATIVE + " " + level;
  }

  @Override
  public boolean direct() {
    return true;
  }
}
