package org.modelc.runtime.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.Frame;
import org.modelc.runtime.ProgramSet;
import org.modelc.runtime.RowFunction;
import org.modelc.runtime.RowInputs;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.data.DataSplits;
import org.modelc.runtime.spec.ModelManifest;
import org.modelc.runtime.spec.RecipeSpec;
import org.modelc.runtime.workers.Cohort;
import org.modelc.runtime.workers.WorkerPool;

/**
 * Executes a recipe: epochs of steps over shuffled batches, measures on validation rows, early
 * stop, checkpoints.
 *
 * <p>The result depends on plan and data alone, bit for bit: not on threads, on where the batches
 * are made, nor on being stopped and resumed at any step.
 */
public final class Trainer {
  /** Steps in a row without a finite loss after which going on is pointless. */
  static final int MOST_BAD_STEPS = 8;

  private final TrainingPlan plan;
  private final TrainingOptions options;
  private final TrainingListener listener;
  private final RecipeSpec recipe;
  private final ProgramSet programs;
  private final TrainingState state;
  private final StepRunner runner;
  private final Examples train;
  private final Examples validation;
  private final Measures measures;
  private final EarlyStopping stopping;
  private final CheckpointWriter checkpoints;
  private final TrainingClock clock;
  private volatile boolean cancelled;

  /**
   * Prepares a training: transforms rows, checks data and recipe, draws first parameters or
   * restores a checkpoint's.
   *
   * @throws org.modelc.runtime.ModelcException if data, recipe or checkpoint cannot be used
   */
  public Trainer(TrainingPlan plan, TrainingOptions options, TrainingListener listener) {
    this.plan = plan;
    this.options = options;
    this.listener = listener;
    ModelManifest manifest = plan.manifest();
    this.recipe = manifest.recipe();
    this.state =
        new TrainingState(manifest, StepPrograms.abi(plan.abis(), manifest, "train"), plan.code());
    Map<String, Tensor> tensors = new LinkedHashMap<>(state.tensors);
    tensors.putAll(plan.constants());
    this.programs = new ProgramSet(manifest, plan.code(), tensors);
    Cohort cohort = cohort(options.threads());
    this.measures = new Measures(manifest, programs, cohort);
    DataSplits data = plan.data();
    TrainingChecks.requireDisjoint(data);
    TrainingChecks.requireClasses(recipe, data);
    Frame frame = programs.frame("train", cohort);
    List<RowInputs.Input> inputs = StepPrograms.dataInputs(new RowFunction(frame.program()));
    RowInputs rows = new RowInputs(manifest, inputs);
    this.train = new Examples(data.train(), rows, options.cacheBytes());
    this.validation =
        data.validation() == null
            ? null
            : measures.examples(data.validation(), options.cacheBytes());
    checkTargets();
    RepeatedRows repeated = new RepeatedRows(train, rows, listener);
    repeated.check("validation", data.validation());
    repeated.check("test", data.test());
    this.runner = new StepRunner(frame, recipe, StepPrograms.names(inputs));
    this.stopping = new EarlyStopping(recipe, validation != null);
    String fingerprint = Fingerprint.ofData(train, validation, data.train());
    this.checkpoints =
        new CheckpointWriter(
            new Checkpoint(Fingerprint.ofRecipe(plan), fingerprint, plan.code().backend()),
            options.checkpoint(),
            recipe.checkpointEvery(),
            listener);
    begin();
    this.clock = new TrainingClock(state);
  }

  private static Cohort cohort(int threads) {
    int processors = Runtime.getRuntime().availableProcessors();
    return new Cohort(WorkerPool.shared(), threads == 0 ? processors : threads);
  }

  private void checkTargets() {
    TrainingChecks.requireRanges(plan.manifest().targets(), train, "training");
    if (validation != null) {
      TrainingChecks.requireRanges(plan.manifest().targets(), validation, "validation");
    }
  }

  private void begin() {
    Frame init = programs.frame("init");
    init.control("seed", recipe.seed());
    init.run();
    if (options.initial() != null) {
      for (Map.Entry<String, Tensor> tensor : options.initial().entrySet()) {
        TrainingState.overwrite(state.tensors, tensor.getKey(), tensor.getValue());
      }
    }
    if (options.resume()) {
      checkpoints.restore(state);
    }
    programs.tensorsChanged();
  }

  /** Asks the training to stop after the step that is under way; from any thread. */
  public void cancel() {
    cancelled = true;
  }

  /**
   * Trains.
   *
   * @throws TrainingException if the loss is not finite for {@value #MOST_BAD_STEPS} steps in a
   *     row; a checkpoint written before stays
   */
  public TrainingResult train() {
    double[] weights = ExampleWeights.of(recipe.classWeight(), plan.data().train());
    Augmentations augmentations =
        new Augmentations(
            recipe.augmentations(), StepPrograms.abi(plan.abis(), plan.manifest(), "train"),
            StepPrograms.names(train.inputs()), recipe.seed());
    try (BatchLoader loader =
        new BatchLoader(train, augmentations, weights, recipe.batch(), recipe.seed())) {
      listener.learning(programs.tensors());
      listener.started(state.epoch, recipe.epochs(), train.size(), loader.batches());
      boolean stopped = stopped();
      while (state.epoch < recipe.epochs() && !stopped && !cancelled) {
        trainEpoch(loader);
        stopped = !cancelled && finishEpoch();
      }
      if (cancelled) {
        checkpoints.write(state);
      } else {
        checkpoints.finished(state);
      }
      return result(stopped);
    }
  }

  /** Whether a restored training had ended already. */
  private boolean stopped() {
    for (int i = 0; i < state.waits.length; i++) {
      if (state.waits[i] >= recipe.stops().get(i).epochs()) {
        return true;
      }
    }
    return false;
  }

  private void trainEpoch(BatchLoader loader) {
    listener.epochStarted(state.epoch + 1);
    loader.seek(state.epoch, state.batch);
    clock.startEpoch();
    while (!cancelled) {
      BatchLoader.Batch batch = loader.next();
      if (batch == null) {
        return;
      }
      step(batch, loader.batches());
    }
  }

  private void step(BatchLoader.Batch batch, int batches) {
    double[] rates = StepPrograms.rates(recipe, state.step, batches);
    runner.run(batch, state.step, rates);
    if (runner.finite()) {
      state.consecutiveBad = 0;
      record(batch, runner.loss());
    } else {
      badStep(batch, rates);
    }
    state.step++;
    state.batch++;
    state.rows += batch.rows.length;
    state.sums.put("rate", rates[0]);
    clock.stepped();
    listener.stepped(clock.event(batches, recipe.epochs(), train.size(), runner.loss(), rates[0]));
    log();
  }

  private void record(BatchLoader.Batch batch, double loss) {
    state.add("loss", loss * batch.rows.length);
    state.add("rows", batch.rows.length);
    state.add("steps", 1);
    for (String norm : runner.norms()) {
      state.add(norm, runner.scalar(norm));
    }
    state.add("log.loss", loss);
    state.add("log.steps", 1);
  }

  private void badStep(BatchLoader.Batch batch, double[] rates) {
    String what = BadSteps.explain(train, batch, runner, state, () -> firstNonFinite(batch, rates));
    state.add("bad", 1);
    listener.badStep(state.step + 1, what);
    if (++state.consecutiveBad >= MOST_BAD_STEPS) {
      throw new TrainingException(
          "the loss was not finite for "
              + MOST_BAD_STEPS
              + " steps in a row, up to step "
              + (state.step + 1)
              + " in epoch "
              + (state.epoch + 1)
              + ": "
              + what,
          "parameters are as before these steps; try a lower rate, `clip`, or look at the value named");
    }
  }

  /** What the checking program says of the step that is not finite; empty without one. */
  private String firstNonFinite(BatchLoader.Batch batch, double[] rates) {
    if (options.check() == null) {
      return "";
    }
    Frame check = options.check().frame(programs.tensors());
    return options.check().tell(runner.firstNonFinite(check, batch, state.step, rates));
  }

  private void log() {
    if (options.logEvery() > 0 && state.step % options.logEvery() == 0) {
      listener.logged(state.step, state.sum("log.loss") / state.sum("log.steps"));
      state.sums.remove("log.loss");
      state.sums.remove("log.steps");
    }
  }

  /** Measures the epoch; whether a rule ends the training. */
  private boolean finishEpoch() {
    state.epoch++;
    state.batch = 0;
    programs.tensorsChanged();
    Measured measured =
        validation == null ? null : measures.of(validation, programs.has("evaluate"));
    EpochResult result = epochResult(measured);
    if (stopping.isBest(result, state.bestValue)) {
      state.keepBest(stopping.value(result));
    }
    state.history.add(result);
    state.sums.clear();
    boolean stop = stopping.stops(state.history, state.waits);
    listener.epochFinished(result);
    checkpoints.epochFinished(state);
    return stop;
  }

  private EpochResult epochResult(Measured measured) {
    Map<String, Double> norms = new LinkedHashMap<>();
    for (String norm : runner.norms()) {
      norms.put(norm, state.sum(norm) / state.sum("steps"));
    }
    EpochResult result =
        new EpochResult(
            state.epoch,
            state.step,
            state.sum("loss") / state.sum("rows"),
            measured == null ? Double.NaN : measured.loss(),
            measured == null ? Map.of() : measured.metrics(),
            norms,
            state.sum("rate"),
            (int) state.sum("bad"),
            false,
            clock.finishEpoch());
    return stopping.isBest(result, state.bestValue) ? asBest(result) : result;
  }

  private static EpochResult asBest(EpochResult r) {
    return new EpochResult(
        r.epoch(),
        r.steps(),
        r.loss(),
        r.validationLoss(),
        r.metrics(),
        r.gradientNorms(),
        r.rate(),
        r.badSteps(),
        true,
        r.seconds());
  }

  private TrainingResult result(boolean stopped) {
    boolean best = stopping.judges() && !state.best.isEmpty();
    Map<String, Tensor> tensors = best ? new LinkedHashMap<>(state.best) : state.learnedCopies();
    TrainingResult.Outcome outcome =
        cancelled
            ? TrainingResult.Outcome.CANCELLED
            : stopped ? TrainingResult.Outcome.STOPPED_EARLY : TrainingResult.Outcome.COMPLETED;
    return new TrainingResult(
        tensors,
        new ArrayList<>(state.history),
        outcome,
        best ? state.bestEpoch : state.epoch,
        state.rows,
        state.seconds);
  }
}
