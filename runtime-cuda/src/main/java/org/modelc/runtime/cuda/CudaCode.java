package org.modelc.runtime.cuda;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.ModelFiles;
import org.modelc.runtime.ModelResources;
import org.modelc.runtime.ProgramSet;
import org.modelc.runtime.nativecode.NativeLibrary;
import org.modelc.runtime.nativecode.NativePrograms;
import org.modelc.runtime.spec.Json;
import org.modelc.runtime.spec.NativeSpec;
import org.modelc.runtime.spec.SpecCodec;

/** Brings a model's programs from its jar onto a GPU, or says why not. */
public final class CudaCode implements NativePrograms.DeviceCode {
  /**
   * The system property that says whether devices are used: {@code off} runs bytecode and does not
   * look for one.
   */
  public static final String PROPERTY = "modelc.cuda";

  /** For the runtime, which finds this class by its name. */
  public CudaCode() {}

  @Override
  public ProgramSet.Code of(String model, ModelFiles files) {
    if ("off".equals(System.getProperty(PROPERTY))) {
      return null;
    }
    CudaSpec spec = spec(model, files);
    DriverAccess calls = calls(model, files);
    if (calls == null) {
      return null;
    }
    try {
      String library = Driver.library();
      Driver driver = Driver.open(library, calls);
      if (driver == null) {
        Fallback.warn(
            model,
            "there is no " + library,
            "install NVIDIA's driver, or name its library: -D" + Driver.PROPERTY + "=FILE");
        return null;
      }
      Device device = Device.of(driver, Integer.getInteger(Device.PROPERTY, 0));
      return programs(spec, device, files);
    } catch (DriverException unusable) {
      Fallback.warn(model, unusable.getMessage(), unusable.hint());
      return null;
    }
  }

  private static ProgramSet.Code programs(CudaSpec spec, Device device, ModelFiles files) {
    CudaSpec.Image image = best(spec.images(), device);
    CudaSpec.MachineCode code = image.machineCodeFor(device.architecture());
    CudaModule module = code == null ? null : machineCode(device, code, files);
    if (module == null) {
      byte[] ptx = files.read(image.resource());
      requireDriver(device.driver(), new String(ptx, StandardCharsets.UTF_8));
      module = new CudaModule(device, "PTX", ptx);
    }
    return new CudaPrograms(module, image);
  }

  /** The module of machine code; null if this driver or device is none that it is for. */
  private static CudaModule machineCode(
      Device device, CudaSpec.MachineCode code, ModelFiles files) {
    byte[] cubin = files.read(code.resource());
    try {
      return new CudaModule(device, "machine code for sm_" + code.architecture(), cubin);
    } catch (DriverException refused) {
      if (!DriverException.isOfImage(refused.status())) {
        throw refused;
      }
      return null;
    }
  }

  /** Asked before the driver is, whose own answer does not say which driver would do. */
  private static void requireDriver(Driver driver, String ptx) {
    int has = driver.number(DriverFunction.DRIVER_GET_VERSION);
    int needs = PtxVersion.of(ptx).release();
    if (has < needs) {
      throw new DriverException(
          DriverException.UNSUPPORTED_PTX,
          "its driver is of CUDA "
              + PtxVersion.text(has)
              + " and the PTX needs "
              + PtxVersion.text(needs),
          "install " + PtxVersion.driver(needs) + " or newer");
    }
  }

  private static CudaSpec.Image best(List<CudaSpec.Image> images, Device device) {
    CudaSpec.Image best = null;
    for (CudaSpec.Image image : images) {
      boolean runs = image.architecture() <= device.architecture();
      boolean isMeant = image.only().isEmpty() || image.only().contains(device.architecture());
      best = runs && isMeant ? image : best;
    }
    if (best == null) {
      throw new DriverException(
          0,
          device
              + " is of compute capability "
              + capability(device.architecture())
              + ", and the least that it needs is "
              + capability(images.get(0).architecture()),
          "use a newer GPU, or another one: -D" + Device.PROPERTY + "=1");
    }
    return best;
  }

  private static String capability(int architecture) {
    return architecture / 10 + "." + architecture % 10;
  }

  private static CudaSpec spec(String model, ModelFiles files) {
    String name = ModelResources.FOLDER + model + NativePrograms.DEVICE + ".launches";
    String text = new String(files.read(name), StandardCharsets.UTF_8);
    Map<String, Object> json = Json.readObject(text);
    SpecCodec.checkFormat(name, json.get("format"), CudaSpec.FORMAT);
    return SpecCodec.decode(json, CudaSpec.class);
  }

  /** How the driver is called; null, after a warning, if neither by this Java nor by the jar. */
  private static DriverAccess calls(String model, ModelFiles files) {
    boolean wantsLibrary = DriverAccess.JNI.equals(System.getProperty(DriverAccess.PROPERTY));
    DriverAccess foreign = wantsLibrary ? null : ForeignAccess.ofThisJava();
    if (foreign != null) {
      return foreign;
    }
    return hasLibrary(model, files) ? DriverCalls.INSTANCE : null;
  }

  /** Whether the library with this module's native methods is there and loads; says if not. */
  private static boolean hasLibrary(String model, ModelFiles files) {
    String name = model + NativePrograms.DEVICE;
    String platform = NativeLibrary.platform();
    if (!files.has(NativeLibrary.resource(name, platform))) {
      Fallback.warn(
          model,
          "not for " + platform,
          "run it with Java "
              + ForeignAccess.SINCE
              + " or newer, or build it with --platform "
              + platform
              + ",…");
      return false;
    }
    // Its level is asked for by a property that speaks of processors.
    String level = System.getProperty(NativeLibrary.LEVEL_PROPERTY, "any");
    NativeSpec spec =
        new NativeSpec(
            DriverCalls.class.getName(),
            List.of(),
            Map.of(platform, List.of(new NativeSpec.LevelSpec(level, List.of(), List.of()))));
    ProgramSet.Code nothing = new Nothing();
    return NativePrograms.of(name, spec, files, nothing) != nothing;
  }

  /** Stands for what runs where the library cannot be loaded. */
  private static final class Nothing implements ProgramSet.Code {
    @Override
    public org.modelc.runtime.CompiledProgram of(org.modelc.runtime.spec.ProgramAbi abi) {
      throw new IllegalStateException("nothing runs " + abi.name());
    }
  }
}
