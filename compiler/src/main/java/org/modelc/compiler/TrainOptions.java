package org.modelc.compiler;

import java.nio.file.Path;
import org.modelc.runtime.spec.RecipeSpec;
import org.modelc.runtime.train.TrainingOptions;

/**
 * How to train. Make one with {@link #defaults()} and the {@code with…} methods.
 *
 * @param compile how to compile
 * @param epochs the most epochs, in place of the recipe's; 0 for those of the recipe
 * @param seed the seed in place of the recipe's; null for that of the recipe
 * @param execution checkpoints, threads, memory: what does not change the result
 */
public record TrainOptions(
    CompileOptions compile, int epochs, Long seed, TrainingOptions execution) {
  /** Everything as the file says; no checkpoints. */
  public static TrainOptions defaults() {
    return new TrainOptions(CompileOptions.defaults(), 0, null, TrainingOptions.defaults());
  }

  public TrainOptions withCompile(CompileOptions options) {
    return new TrainOptions(options, epochs, seed, execution);
  }

  public TrainOptions withEpochs(int most) {
    return new TrainOptions(compile, most, seed, execution);
  }

  public TrainOptions withSeed(long value) {
    return new TrainOptions(compile, epochs, value, execution);
  }

  public TrainOptions withExecution(TrainingOptions options) {
    return new TrainOptions(compile, epochs, seed, options);
  }

  /** Keeps the training's state in a file and, if told so, goes on from it. */
  public TrainOptions withCheckpoint(Path file, boolean resume) {
    return withExecution(execution.withCheckpoint(file, resume));
  }

  /** The recipe with epochs and seed replaced. */
  RecipeSpec apply(RecipeSpec recipe) {
    return new RecipeSpec(
        recipe.model(),
        recipe.data(),
        recipe.minimize(),
        recipe.batch(),
        epochs > 0 ? epochs : recipe.epochs(),
        recipe.stops(),
        recipe.classWeight(),
        recipe.folds(),
        seed == null ? recipe.seed() : seed,
        recipe.checkpointEvery(),
        recipe.augmentations(),
        recipe.measures(),
        recipe.requirements());
  }
}
