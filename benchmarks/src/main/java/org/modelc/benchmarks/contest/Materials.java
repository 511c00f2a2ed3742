package org.modelc.benchmarks.contest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.modelc.compiler.CompileOptions;
import org.modelc.compiler.Compiler;
import org.modelc.compiler.ModelSource;
import org.modelc.compiler.UncalibratedCompression;
import org.modelc.compiler.jar.ModelArchive;
import org.modelc.compiler.jar.ModelJar;
import org.modelc.runtime.Model;
import org.modelc.runtime.Safetensors;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.spec.DType;

/**
 * What engines share: a folder with the model's jar and its parameters, and the inputs, which
 * follow from a seed.
 *
 * @param folder where the files are
 */
public record Materials(Path folder) {
  /**
   * Compiles the model, unless that was done, and writes its jar and its first parameters.
   *
   * @param source where model files are and what compiles them
   */
  public static void make(Source source, Workload workload, Path folder) {
    Materials materials = new Materials(folder);
    if (workload.isCompressed()) {
      make(source, workload.uncompressed(), folder);
      UncalibratedCompression.build(
              source(source, workload, folder), source.options(), List.of(workload.compression()))
          .write(materials.jar(workload), true);
      return;
    }
    if (Files.exists(materials.parameterFile(workload))) {
      return;
    }
    ModelJar jar = Compiler.build(source(source, workload, folder), source.options());
    jar.write(materials.jar(workload), true);
    Map<String, Tensor> tensors = ModelArchive.open(materials.jar(workload)).model().tensors();
    new Safetensors(tensors, Map.of()).write(materials.parameterFile(workload));
  }

  /** A workload's model, with rows in the folder to compile it. */
  public static ModelSource source(Source source, Workload workload, Path folder) {
    try {
      Files.createDirectories(folder);
      String file = workload.model() + ".model";
      String text = Files.readString(source.models().resolve(file));
      for (Map.Entry<String, Integer> setting : workload.settings().entrySet()) {
        text = with(text, setting.getKey(), setting.getValue());
      }
      Files.writeString(folder.resolve("rows.jsonl"), Rows.of(workload));
      return ModelSource.of(file, text, folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Where programs come from.
   *
   * @param models the folder of the model files
   * @param options how they are compiled, above all by which backend
   */
  public record Source(Path models, CompileOptions options) {}

  static String with(String text, String setting, int value) {
    String changed = text.replaceFirst(setting + ": int = \\d+", setting + ": int = " + value);
    if (!changed.contains(setting + ": int = " + value)) {
      throw new IllegalArgumentException("the model has no setting " + setting);
    }
    return changed;
  }

  private String stem(Workload workload) {
    boolean plain = workload.settings().isEmpty() && !workload.isCompressed();
    return plain ? workload.model() : workload.row();
  }

  /** The jar with the model and the runtime. */
  public Path jar(Workload workload) {
    return folder.resolve(stem(workload) + ".jar");
  }

  private Path parameterFile(Workload workload) {
    return folder.resolve(stem(workload) + ".safetensors");
  }

  /** The parameters by name, as the language names them. */
  public Map<String, Tensor> parameters(Workload workload) {
    return Safetensors.read(parameterFile(workload.uncompressed())).tensors();
  }

  /** The model in the jar, loaded as a program would. */
  Model model(Workload workload) {
    return ModelArchive.open(jar(workload)).model();
  }

  /** The inputs by name: {@code float[]}, {@code int[]}, and {@code byte[]} for truth values. */
  public Map<String, Object> inputs(Workload workload) {
    return Inputs.of(workload);
  }

  /** A tensor of the parameters as floats. */
  public static float[] floats(Tensor tensor) {
    if (tensor.dtype() != DType.F32) {
      throw new IllegalArgumentException("not f32: " + tensor);
    }
    return (float[]) tensor.array();
  }

  /** The rows that a model file's data block names; two are enough to compile. */
  private static final class Rows {
    static String of(Workload workload) {
      String row =
          workload.model().equals("gpt")
              ? "{\"ids\": " + repeated(128) + ", \"next\": " + repeated(128) + "}\n"
              : "{\"x\": " + repeated(784) + ", \"label\": 1}\n";
      return row + row;
    }

    private static String repeated(int count) {
      return Arrays.toString(new int[count]);
    }
  }
}
