package org.modelc.compiler;

import java.util.List;
import java.util.Map;
import org.modelc.compiler.compress.CompressedPrograms;
import org.modelc.compiler.compress.Compression;
import org.modelc.compiler.jar.ModelJar;
import org.modelc.dsl.recipe.CompressSpec;
import org.modelc.dsl.recipe.CompressSpec.QuantizeSpec;
import org.modelc.ir.graph.Graph;
import org.modelc.runtime.ModelcException;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.train.TrainingListener;

/**
 * Compression that needs no rows: of weights alone, or with ranges that each call finds. Nothing is
 * measured and no requirement is held against the result; for benchmarks, and for models that say
 * nothing of data.
 */
public final class UncalibratedCompression {
  private UncalibratedCompression() {}

  /**
   * Packs a model with freshly drawn parameters or those of {@link CompileOptions#weights}, stored
   * as sentences say; a compress block of its file is not looked at.
   *
   * @throws org.modelc.ir.diagnostic.DiagnosticException if a pattern matches nothing, or a
   *     sentence asks for calibration
   */
  public static ModelJar build(
      ModelSource source, CompileOptions options, List<QuantizeSpec> sentences) {
    Made made = make(source, options, sentences);
    return Compiler.pack(made.compilation, made.compilation.manifest(), made.tensors);
  }

  /**
   * What {@link #build} packs, compiled.
   *
   * @throws org.modelc.ir.diagnostic.DiagnosticException as that does
   */
  public static Compilation compile(
      ModelSource source, CompileOptions options, List<QuantizeSpec> sentences) {
    return make(source, options, sentences).compilation;
  }

  private record Made(Compilation compilation, Map<String, Tensor> tensors) {}

  private static Made make(
      ModelSource source, CompileOptions options, List<QuantizeSpec> sentences) {
    Compilation before = Compiler.compile(source, options);
    CompressSpec spec =
        new CompressSpec(before.model().name(), List.of(), List.of(), sentences, List.of());
    Map<String, Tensor> tensors =
        options.weights() == null
            ? before.initialTensors(before.recipe() == null ? 0 : before.recipe().seed())
            : Weights.of(before.manifest(), options.weights());
    CompressedPrograms made =
        Compression.of(
            spec,
            ModelCompression.inferencePrograms(before),
            tensors,
            before.manifest(),
            Compression.NO_ROWS,
            UncalibratedCompression::noTraining);
    return new Made(before.compressed(made.programs(), made.tensors()), made.tensors());
  }

  private static Map<String, Tensor> noTraining(
      List<Graph> programs, Map<String, Tensor> from, int epochs, TrainingListener listener) {
    throw new ModelcException(
        "weights that learn to be integers need rows", "write data and train blocks");
  }
}
