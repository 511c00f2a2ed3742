package org.modelc.runtime;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ModelManifest;
import org.modelc.runtime.spec.ProgramAbi;
import org.modelc.runtime.spec.SpecCodec;
import org.modelc.runtime.spec.TensorSpec;

/**
 * A model's files in a jar: {@code META-INF/modelc/<Name>.json}, {@code .safetensors}, {@code
 * .model}.
 */
public final class ModelResources implements ProgramSet.Code {
  /** The folder of all models' resources. */
  public static final String FOLDER = "META-INF/modelc/";

  private final ModelFiles files;
  private final String name;
  private final Supplier<byte[]> key;
  private String text;
  private ModelManifest manifest;

  ModelResources(ModelFiles files, String name, Supplier<byte[]> key) {
    this.files = files;
    this.name = name;
    this.key = key;
  }

  /** The manifest's resource name. */
  public static String manifestOf(String model) {
    return FOLDER + model + ".json";
  }

  /** The parameters' resource name. */
  public static String tensorsOf(String model) {
    return FOLDER + model + ".safetensors";
  }

  /** The source text's resource name. */
  public static String sourceOf(String model) {
    return FOLDER + model + ".model";
  }

  /** What predictions need of the manifest; whatever else it has is read when it is asked for. */
  ModelManifest start() {
    text = new String(files.read(manifestOf(name)), StandardCharsets.UTF_8);
    return read(true);
  }

  /** The whole manifest, once {@link #start} has been called. */
  synchronized ModelManifest manifest() {
    if (manifest == null) {
      manifest = read(false);
      text = null;
    }
    return manifest;
  }

  private ModelManifest read(boolean start) {
    try {
      return start ? SpecCodec.readStart(text) : SpecCodec.readManifest(text);
    } catch (FormatException e) {
      throw new FormatException(
          "the manifest of model " + name + " cannot be used: " + e.getMessage(),
          e.hint().isEmpty() ? "the jar may be corrupt: make it again" : e.hint(),
          e);
    }
  }

  /**
   * The parameters, states and constants by name.
   *
   * @param direct in direct memory, where native code wants them
   */
  Map<String, Tensor> tensors(ModelManifest manifest, boolean direct) {
    String resource = tensorsOf(name);
    byte[] bytes = files.with(manifest.crc32()).read(resource);
    if (!manifest.terms().isEmpty()) {
      Terms.check(manifest);
      bytes = Terms.open(manifest, bytes, key);
    }
    Map<String, Tensor> tensors = new SafetensorsReader(bytes, resource, direct).tensors();
    checkTensors(manifest, tensors);
    return tensors;
  }

  static void checkTensors(ModelManifest manifest, Map<String, Tensor> tensors) {
    List<TensorSpec> specs = new ArrayList<>(manifest.parameters());
    specs.addAll(manifest.states());
    for (TensorSpec spec : specs) {
      Tensor tensor = tensors.get(spec.name());
      if (tensor == null) {
        throw new FormatException(
            "model " + manifest.name() + " lacks its parameter `" + spec.name() + "`",
            NearestName.hint(spec.name(), tensors.keySet()));
      }
      if (tensor.dtype() != spec.dtype() || !tensor.shape().equals(shape(spec))) {
        throw new FormatException(
            "parameter `"
                + spec.name()
                + "` is "
                + tensor
                + ", the model needs "
                + spec.dtype()
                + spec.shape(),
            "the parameters are of another version of the model");
      }
    }
  }

  /** The static shape of a parameter. */
  public static List<Integer> shape(TensorSpec spec) {
    List<Integer> shape = new ArrayList<>();
    for (Dim dim : spec.shape()) {
      shape.add(dim.intValue());
    }
    return shape;
  }

  @Override
  public CompiledProgram of(ProgramAbi abi) {
    try {
      Class<?> type = Class.forName(abi.symbol(), true, files.loader());
      return (CompiledProgram) type.getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException | ClassCastException | LinkageError e) {
      throw new FormatException(
          "the code of program `" + abi.name() + "` of model " + name + " cannot be loaded: " + e,
          "the jar lacks the class " + abi.symbol() + " or was made for another runtime",
          e);
    }
  }
}
