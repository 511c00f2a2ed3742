package org.modelc.compiler;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.modelc.compiler.jar.ModelArchive;
import org.modelc.compiler.jar.ModelJar;
import org.modelc.dsl.recipe.CompressSpec;
import org.modelc.runtime.ModelcException;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.data.DataSplits;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.spec.ModelManifest;
import org.modelc.runtime.spec.TensorSpec;
import org.modelc.runtime.train.Trainer;
import org.modelc.runtime.train.TrainingListener;
import org.modelc.runtime.train.TrainingOptions;
import org.modelc.runtime.train.TrainingPlan;

/**
 * The compression of a finished jar, with the data that its model file names.
 *
 * @param compressed the model before and after
 * @param jar the new jar; its model file says what was done
 */
public record JarCompression(CompressedModel compressed, ModelJar jar) {

  /**
   * Compresses.
   *
   * @param sentences what stands in a compress block; empty if the jar's model file has one
   * @param folder where the paths of the model's data block start
   * @throws org.modelc.ir.diagnostic.DiagnosticException if a sentence is wrong
   * @throws ModelcException if the jar is compressed already, or its data cannot be used
   */
  public static JarCompression of(
      ModelArchive jar, String sentences, Path folder, CompileOptions options) {
    ModelManifest manifest = jar.model().manifest();
    CompressedModel compressed =
        compressed(jar, sentences, folder, options, ModelTraining::measuredRows);
    return new JarCompression(compressed, compressed.jar(manifest.metrics(), manifest.baselines()));
  }

  /**
   * Compresses, and packs nothing.
   *
   * @param measuredRows the rows to measure on, with their name
   */
  static CompressedModel compressed(
      ModelArchive jar,
      String sentences,
      Path folder,
      CompileOptions options,
      Function<DataSplits, Map.Entry<String, Dataset>> measuredRows) {
    ModelManifest manifest = jar.model().manifest();
    requireTrainable(jar);
    String block = sentences.isEmpty() ? "" : "\n" + block(manifest.name(), sentences);
    ModelSource source = ModelSource.of(manifest.name() + ".model", jar.source() + block, folder);
    CompileOptions chosen = options.withModel(manifest.name());
    Compilation compiled = Compiler.compile(source, chosen, Compiler.learned(manifest));
    // The seed that it was trained with, which weights that rewind go back by.
    compiled =
        compiled.with(
            TrainOptions.defaults().withSeed(manifest.recipe().seed()).apply(compiled.recipe()),
            Compiler.learned(manifest));
    CompressSpec spec = compiled.compression();
    if (spec == null) {
      throw new ModelcException(
          "nothing says how " + jar.path() + " is to be compressed",
          "add --by \"quantize int8\", or write a compress block");
    }
    ModelRows rows = ModelRows.open(manifest.data(), source);
    Map.Entry<String, Dataset> measured = measuredRows.apply(rows.splits());
    Distillation teacher = trains(spec) ? Distillation.of(source, manifest.name()) : null;
    return new ModelCompression(spec, compiled, tensors(jar), teacher)
        .run(
            rows.splits().train(),
            measured.getKey(),
            measured.getValue(),
            (pruned, from, listener) -> {
              Map<String, Tensor> fixed = new LinkedHashMap<>(pruned.programs().constants());
              fixed.putAll(Distillation.constantsOf(teacher));
              return retrain(pruned, from, rows.splits(), fixed, listener);
            });
  }

  /** Whether a block trains, so that the recipe's teacher must be there. */
  private static boolean trains(CompressSpec spec) {
    return spec.prune().stream().anyMatch(each -> each.epochs() > 0)
        || spec.factorize().stream().anyMatch(each -> each.epochs() > 0)
        || spec.quantize().stream().anyMatch(each -> each.epochs() > 0);
  }

  private static Map<String, Tensor> retrain(
      Compilation pruned,
      Map<String, Tensor> from,
      DataSplits splits,
      Map<String, Tensor> fixed,
      TrainingListener listener) {
    TrainingPlan plan =
        new TrainingPlan(
            pruned.manifest(), pruned.programs(), splits, fixed, pruned.source().text().text());
    TrainingOptions execution =
        TrainingOptions.defaults().withCheck(new CheckedStep(pruned)).withInitial(from);
    return new Trainer(plan, execution, listener).train().tensors();
  }

  private static String block(String model, String sentences) {
    return "compress " + model + " {\n    " + sentences + "\n}\n";
  }

  private static void requireTrainable(ModelArchive jar) {
    ModelManifest manifest = jar.model().manifest();
    if (manifest.recipe() == null || manifest.data() == null) {
      throw new ModelcException(
          jar.path() + " does not say what data its model learned from",
          "compression measures on that data: write data and train blocks");
    }
    if (manifest.programs().stream().noneMatch(each -> each.name().equals("train"))) {
      throw new ModelcException(
          jar.path() + " is compressed already",
          "build the jar of the parameters that were learned: modelc build FILE --weights"
              + " …-uncompressed.safetensors");
    }
  }

  /** Parameters and states in arrays, without the constants of programs. */
  static Map<String, Tensor> tensors(ModelArchive jar) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    ModelManifest manifest = jar.model().manifest();
    for (List<TensorSpec> specs : List.of(manifest.parameters(), manifest.states())) {
      for (TensorSpec spec : specs) {
        Tensor tensor = jar.model().tensors().get(spec.name());
        tensors.put(spec.name(), tensor.isDirect() ? tensor.copy() : tensor);
      }
    }
    return tensors;
  }
}
