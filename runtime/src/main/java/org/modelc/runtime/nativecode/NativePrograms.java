package org.modelc.runtime.nativecode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.CompiledProgram;
import org.modelc.runtime.FormatException;
import org.modelc.runtime.ModelFiles;
import org.modelc.runtime.ModelResources;
import org.modelc.runtime.ProgramSet;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.spec.ModelManifest;
import org.modelc.runtime.spec.NativeSpec;
import org.modelc.runtime.spec.NativeSpec.LevelSpec;
import org.modelc.runtime.spec.ProgramAbi;

/** A model's programs in the library of this platform, at the best level that the CPU has. */
public final class NativePrograms implements ProgramSet.Code {
  /** What {@link #backend} begins with. */
  public static final String NATIVE = "native";

  /** What names of resources with code of devices go on with, behind the model's. */
  public static final String DEVICE = "-cuda";

  /** Loads code of devices: a module of its own has it, so that others need not carry it. */
  public interface DeviceCode {
    /**
     * As {@link NativePrograms#of}.
     *
     * @return null, after one warning, where no device can run it
     */
    ProgramSet.Code of(String model, ModelFiles files);
  }

  private final String level;
  private final List<ProgramAbi> abis = new ArrayList<>();
  private final Map<String, NativeProgram> programs = new HashMap<>();

  private NativePrograms(NativeCode code, NativeSpec spec, LevelSpec level) {
    this.level = level.name();
    for (int index : level.programs()) {
      ProgramAbi abi = spec.programs().get(index);
      int number = abis.size();
      programs.put(abi.name(), new NativeProgram(code, number, level.scratchBytes().get(number)));
      abis.add(abi);
    }
  }

  /**
   * A model's native code, loaded when first asked for; its bytecode, after one warning, where
   * there is none for this machine or it cannot be loaded.
   *
   * @param spec null if the model has no native code
   * @param files have the class with the native methods and the library
   * @throws FormatException if the library is damaged
   */
  public static ProgramSet.Code of(
      String model, NativeSpec spec, ModelFiles files, ProgramSet.Code bytecode) {
    if (files.has(ModelResources.FOLDER + model + DEVICE + ".launches")) {
      ProgramSet.Code code = ofDevice().of(model, files);
      if (code != null) {
        return code;
      }
    }
    if (spec == null || NativeLibrary.isOff()) {
      return bytecode;
    }
    NativeCode code = code(model, spec, files.loader());
    List<LevelSpec> levels = spec.platforms().get(NativeLibrary.platform());
    synchronized (code) {
      if (code.level == null) {
        code.level = new NativeLibrary(model, files).load(code, levels);
      }
    }
    return code.level == 0 ? bytecode : new NativePrograms(code, spec, levels.get(code.level - 1));
  }

  private static DeviceCode ofDevice() {
    String type = "org.modelc.runtime.cuda.CudaCode";
    try {
      return Class.forName(type).asSubclass(DeviceCode.class).getConstructor().newInstance();
    } catch (ReflectiveOperationException | LinkageError e) {
      throw new FormatException(
          "its code of devices cannot be used: " + e, "put modelc-runtime-cuda beside it", e);
    }
  }

  /** The one instance that the class holds: a library loads once in a class loader. */
  private static NativeCode code(String model, NativeSpec spec, ClassLoader loader) {
    try {
      Class<?> type = Class.forName(spec.type(), true, loader);
      NativeCode made = NativeCode.latest;
      NativeCode.latest = null;
      return made != null && made.getClass() == type
          ? made
          : (NativeCode) type.getField("INSTANCE").get(null);
    } catch (ReflectiveOperationException | ClassCastException | LinkageError e) {
      throw new FormatException(
          "the native code of model " + model + " cannot be used: " + e,
          "the jar lacks the class " + spec.type() + " or was made for another runtime",
          e);
    }
  }

  @Override
  public CompiledProgram of(ProgramAbi abi) {
    return programs.get(abi.name());
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
  public Tensor placed(Tensor tensor) {
    return tensor.direct();
  }
}
