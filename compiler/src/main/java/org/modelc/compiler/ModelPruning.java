package org.modelc.compiler;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.modelc.compiler.compress.ChannelChoice;
import org.modelc.compiler.compress.TensorArrays;
import org.modelc.compiler.compress.WeightPruning;
import org.modelc.dsl.elaborate.ElaboratedFunction;
import org.modelc.dsl.elaborate.ElaboratedModel;
import org.modelc.dsl.recipe.CompressSpec.PruneSpec;
import org.modelc.dsl.recipe.CompressSpec.Pruning;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.interpreter.Array;
import org.modelc.passes.FreezeParameters;
import org.modelc.passes.compress.AxisFactors;
import org.modelc.passes.compress.KeptIndices;
import org.modelc.passes.compress.MovementScores;
import org.modelc.passes.compress.RemoveIndices;
import org.modelc.passes.compress.WeightSite;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.spec.RecipeSpec;
import org.modelc.runtime.spec.TensorSpec;
import org.modelc.runtime.train.TrainingListener;

/**
 * Prunes a trained model: takes channels out and trains what is left, then sets single weights to 0
 * while the others train. The outcome is a model like any other.
 */
final class ModelPruning {
  private final Compilation before;
  private final ElaboratedModel model;
  private final AxisFactors factors;
  private final ChannelChoice choice;
  private final List<PruneSpec> structured;
  private final List<PruneSpec> single;

  /**
   * A model that was pruned.
   *
   * @param tensors its parameters and states
   */
  record Pruned(Compilation compilation, Map<String, Tensor> tensors) {}

  /** Trains a model further, from given parameters and states, by its recipe. */
  @FunctionalInterface
  interface Retraining {
    Map<String, Tensor> train(
        Compilation compilation, Map<String, Tensor> from, TrainingListener listener);
  }

  /**
   * @throws org.modelc.ir.diagnostic.DiagnosticException if a sentence names nothing that can go
   */
  ModelPruning(List<PruneSpec> sentences, Compilation before) {
    this.before = before;
    this.model = before.model();
    this.factors = AxisFactors.of(graphs(model));
    this.structured = new ArrayList<>(sentences);
    structured.removeIf(sentence -> sentence.kind() != Pruning.STRUCTURED);
    this.single = new ArrayList<>(sentences);
    single.removeAll(structured);
    this.choice = new ChannelChoice(structured, factors, sites(before));
    new WeightPruning(single, sites(before));
  }

  private static Map<String, WeightSite> sites(Compilation compilation) {
    return WeightSite.of(
        compilation.model().functions().stream().map(ElaboratedFunction::inference).toList());
  }

  private static int epochs(List<PruneSpec> sentences) {
    return sentences.stream().mapToInt(PruneSpec::epochs).max().orElse(0);
  }

  private static List<Graph> graphs(ElaboratedModel model) {
    List<Graph> graphs = new ArrayList<>();
    for (ElaboratedFunction function : model.functions()) {
      graphs.add(function.inference());
      graphs.add(function.training());
    }
    graphs.add(model.init());
    return graphs;
  }

  /**
   * Prunes.
   *
   * @param trained parameters and states
   */
  Pruned run(Map<String, Tensor> trained, Retraining retraining) {
    Pruned pruned = new Pruned(before, trained);
    pruned = structured.isEmpty() ? pruned : withoutChannels(trained, retraining);
    return single.isEmpty() ? pruned : withZeros(pruned, single, retraining);
  }

  private Pruned withoutChannels(Map<String, Tensor> trained, Retraining retraining) {
    Map<String, Array> arrays = TensorArrays.arrays(trained);
    List<Graph> inference = ModelCompression.inferencePrograms(before);
    KeptIndices kept = choice.kept(FreezeParameters.freeze(inference, arrays).values());
    Compilation smaller = before.with(smaller(kept));
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    arrays.forEach(
        (name, array) -> tensors.put(name, TensorArrays.tensor(kept.slice(name, array))));
    int epochs = epochs(structured);
    return new Pruned(
        smaller,
        epochs == 0
            ? tensors
            : retraining.train(during(epochs, smaller), tensors, TrainingListener.SILENT));
  }

  private static Pruned withZeros(Pruned model, List<PruneSpec> single, Retraining retraining) {
    WeightPruning pruning = new WeightPruning(single, sites(model.compilation()));
    Compilation compilation = model.compilation();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    model.tensors().forEach((name, tensor) -> tensors.put(name, tensor.copy()));
    int epochs = epochs(single);
    if (single.stream().anyMatch(PruneSpec::rewind)) {
      pruning.choose(tensors);
      tensors.putAll(compilation.initialTensors(compilation.recipe().seed()));
    }
    if (epochs > 0) {
      Set<String> scored = pruning.byMovement();
      Compilation learning = compilation;
      if (!scored.isEmpty()) {
        learning = compilation.with(scored(compilation.model(), scored));
        Map<String, Tensor> first = learning.initialTensors(learning.recipe().seed());
        first.forEach(tensors::putIfAbsent);
      }
      tensors.putAll(retraining.train(during(epochs, learning), tensors, pruning));
    }
    pruning.finish(tensors);
    tensors.keySet().retainAll(model.tensors().keySet());
    return new Pruned(compilation, tensors);
  }

  /** The model whose weights are masked by scores that learn. */
  private static ElaboratedModel scored(ElaboratedModel model, Set<String> weights) {
    List<TensorSpec> parameters = new ArrayList<>(model.parameters());
    List<TensorSpec> states = new ArrayList<>(model.states());
    for (TensorSpec weight : model.parameters()) {
      if (weights.contains(weight.name())) {
        String score = MovementScores.scoreOf(weight.name());
        parameters.add(new TensorSpec(score, weight.dtype(), weight.shape(), ""));
        String threshold = MovementScores.thresholdOf(weight.name());
        states.add(new TensorSpec(threshold, weight.dtype(), List.of(), ""));
      }
    }
    List<ElaboratedFunction> functions = new ArrayList<>();
    for (ElaboratedFunction old : model.functions()) {
      functions.add(
          with(
              old,
              MovementScores.of(old.training(), weights),
              MovementScores.of(old.inference(), weights)));
    }
    Graph init = MovementScores.init(model.init(), weights);
    return new ElaboratedModel(
        model.name(), model.documentation(), parameters, states, functions, init);
  }

  private static ElaboratedFunction with(ElaboratedFunction old, Graph training, Graph inference) {
    return new ElaboratedFunction(
        old.name(),
        old.documentation(),
        old.exported(),
        old.inputs(),
        old.outputs(),
        training,
        inference);
  }

  /** The recipe's schedules spread over the epochs of this training. */
  static Compilation during(int epochs, Compilation compilation) {
    RecipeSpec recipe = TrainOptions.defaults().withEpochs(epochs).apply(compilation.recipe());
    return compilation.with(recipe, Compiler.learned(compilation.manifest()));
  }

  private ElaboratedModel smaller(KeptIndices kept) {
    List<ElaboratedFunction> functions = new ArrayList<>();
    for (ElaboratedFunction old : model.functions()) {
      functions.add(
          with(
              old,
              RemoveIndices.of(old.training(), kept),
              RemoveIndices.of(old.inference(), kept)));
    }
    return new ElaboratedModel(
        model.name(),
        model.documentation(),
        smaller(model.parameters(), kept),
        smaller(model.states(), kept),
        functions,
        RemoveIndices.of(model.init(), kept));
  }

  private static List<TensorSpec> smaller(List<TensorSpec> specs, KeptIndices kept) {
    return specs.stream()
        .map(old -> new TensorSpec(old.name(), old.dtype(), kept.shape(old.name()), old.doc()))
        .toList();
  }
}
