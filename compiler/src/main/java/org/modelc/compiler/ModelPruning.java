package org.modelc.compiler;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.compiler.compress.ChannelChoice;
import org.modelc.compiler.compress.TensorArrays;
import org.modelc.dsl.elaborate.ElaboratedFunction;
import org.modelc.dsl.elaborate.ElaboratedModel;
import org.modelc.dsl.recipe.CompressSpec.PruneSpec;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.interpreter.Array;
import org.modelc.passes.FreezeParameters;
import org.modelc.passes.compress.AxisFactors;
import org.modelc.passes.compress.KeptIndices;
import org.modelc.passes.compress.RemoveIndices;
import org.modelc.passes.compress.WeightSite;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.spec.RecipeSpec;
import org.modelc.runtime.spec.TensorSpec;

/**
 * Takes channels out of a trained model and trains what is left. The outcome is a model like any
 * other, of smaller tensors.
 */
final class ModelPruning {
  private final Compilation before;
  private final ElaboratedModel model;
  private final AxisFactors factors;
  private final ChannelChoice choice;
  private final int epochs;

  /**
   * A model that lost channels.
   *
   * @param tensors its parameters and states
   */
  record Pruned(Compilation compilation, Map<String, Tensor> tensors) {}

  /** Trains a model further, from given parameters and states, by its recipe. */
  @FunctionalInterface
  interface Retraining {
    Map<String, Tensor> train(Compilation compilation, Map<String, Tensor> from);
  }

  /**
   * @throws org.modelc.ir.diagnostic.DiagnosticException if a sentence names nothing that can go
   */
  ModelPruning(List<PruneSpec> sentences, Compilation before) {
    this.before = before;
    this.model = before.model();
    this.factors = AxisFactors.of(graphs(model));
    List<Graph> inference = model.functions().stream().map(ElaboratedFunction::inference).toList();
    this.choice = new ChannelChoice(sentences, factors, WeightSite.of(inference));
    this.epochs = sentences.stream().mapToInt(PruneSpec::epochs).max().orElse(0);
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
   * @param frozen the programs whose weights are judged
   */
  Pruned run(Map<String, Tensor> trained, List<Graph> frozen, Retraining retraining) {
    Map<String, Array> arrays = TensorArrays.arrays(trained);
    KeptIndices kept = choice.kept(FreezeParameters.freeze(frozen, arrays).values());
    Compilation smaller = before.with(smaller(kept));
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    arrays.forEach(
        (name, array) -> tensors.put(name, TensorArrays.tensor(kept.slice(name, array))));
    return new Pruned(
        smaller, epochs == 0 ? tensors : retraining.train(forEpochs(smaller), tensors));
  }

  /** The recipe's schedules spread over the epochs of this training. */
  private Compilation forEpochs(Compilation compilation) {
    RecipeSpec recipe = TrainOptions.defaults().withEpochs(epochs).apply(compilation.recipe());
    return compilation.with(recipe, Compiler.learned(compilation.manifest()));
  }

  private ElaboratedModel smaller(KeptIndices kept) {
    List<ElaboratedFunction> functions = new ArrayList<>();
    for (ElaboratedFunction old : model.functions()) {
      functions.add(
          new ElaboratedFunction(
              old.name(),
              old.documentation(),
              old.exported(),
              old.inputs(),
              old.outputs(),
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
