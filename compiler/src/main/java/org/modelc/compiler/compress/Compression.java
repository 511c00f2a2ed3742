package org.modelc.compiler.compress;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.modelc.dsl.recipe.CompressSpec;
import org.modelc.dsl.recipe.CompressSpec.Pruning;
import org.modelc.dsl.recipe.CompressSpec.QuantizeSpec;
import org.modelc.ir.diagnostic.Diagnostic;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.ir.diagnostic.DiagnosticException;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.ScalarFunctions;
import org.modelc.passes.FreezeParameters;
import org.modelc.passes.FreezeParameters.Frozen;
import org.modelc.passes.compress.AffineRange;
import org.modelc.passes.compress.CompressProgram;
import org.modelc.passes.compress.FakeQuantize;
import org.modelc.passes.compress.LearnedRange;
import org.modelc.passes.compress.SparseWeight;
import org.modelc.passes.compress.Storage;
import org.modelc.passes.compress.StoredIntegers;
import org.modelc.passes.compress.WeightSite;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.ModelManifest;
import org.modelc.runtime.train.TrainingListener;

/**
 * Compresses a trained model by its compress block: freeze parameters, look at training rows,
 * choose how each parameter is stored, rewrite the programs.
 */
public final class Compression {
  /** The program whose inputs every training row has. */
  public static final String LOSS = "evaluate";

  /** Trains frozen programs further. */
  @FunctionalInterface
  public interface Learning {
    /**
     * Trains.
     *
     * @param programs inference programs, the loss among them
     * @param from all parameters they read
     * @return the parameters then
     */
    Map<String, Tensor> train(
        List<Graph> programs, Map<String, Tensor> from, int epochs, TrainingListener listener);
  }

  /** For compressions that look at none; a sentence that asks for calibration is an error then. */
  public static final Dataset NO_ROWS = null;

  private final CompressSpec spec;
  private final List<Graph> programs;
  private final Factorization factors;
  private final Map<String, Array> values;
  private final Map<String, Array> scales = new LinkedHashMap<>();
  private final Map<String, AffineRange> ranges = new LinkedHashMap<>();
  private final Map<String, Array> rounded = new LinkedHashMap<>();
  private final Map<String, Array> stored = new LinkedHashMap<>();
  private final List<StoredParameter> lines = new ArrayList<>();

  private Compression(CompressSpec spec, Factorization factors) {
    this.spec = spec;
    this.factors = factors;
    this.programs = factors.frozen().programs();
    this.values = new LinkedHashMap<>(factors.frozen().values());
  }

  /**
   * Compresses.
   *
   * @param programs the inference programs, the loss as {@code evaluate} among them
   * @param trained parameters and states
   * @param manifest what turns rows into inputs
   * @param rows training rows
   * @param learning trains weights to be integers, where a sentence says so
   * @throws DiagnosticException if a pattern matches nothing, or no range can be found
   */
  public static CompressedPrograms of(
      CompressSpec spec,
      List<Graph> programs,
      Map<String, Tensor> trained,
      ModelManifest manifest,
      Dataset rows,
      Learning learning) {
    Frozen frozen = FreezeParameters.freeze(programs, TensorArrays.arrays(trained));
    Factorization factors = Factorization.of(spec.factorize(), frozen);
    return new Compression(spec, factors).run(manifest, rows, learning);
  }

  /**
   * Finds mistakes of a block before a training, which takes time.
   *
   * @param parameters parameters and states of any value
   * @throws DiagnosticException for a pattern that matches nothing
   */
  public static void check(
      CompressSpec spec, List<Graph> programs, Map<String, Tensor> parameters) {
    Frozen frozen = FreezeParameters.freeze(programs, TensorArrays.arrays(parameters));
    Factorization.chosen(spec.factorize(), frozen.programs());
    Map<String, WeightSite> sites = WeightSite.of(frozen.programs());
    StorageChoice choice = new StorageChoice(spec.quantize(), sites, frozen.values(), Map.of());
    choice
        .mixed()
        .forEach((sentence, weights) -> MixedChoice.check(sentence, weights, frozen.values()));
  }

  private CompressedPrograms run(ModelManifest manifest, Dataset rows, Learning learning) {
    trainFactors(learning);
    Map<String, WeightSite> sites = WeightSite.of(programs);
    StorageChoice choice = new StorageChoice(spec.quantize(), sites, values, factors.wholes());
    Map<String, ActivationValues> first = calibrate(choice.learnedInputs(), manifest, rows);
    learn(choice.learned(first), choice.epochs(), sites, learning);
    mix(choice, manifest, rows);
    Map<String, ActivationValues> seen = calibrate(choice.calibrated(), manifest, rows);
    Map<String, Storage> storages = new LinkedHashMap<>(choice.storages(seen));
    storages.replaceAll(this::withLearnedRange);
    SparseChoice.of(programs, sites, values).forEach(storages::putIfAbsent);
    values.forEach((name, value) -> store(name, value, storages.get(name), seen.get(name)));
    List<Graph> stored =
        programs.stream().map(program -> CompressProgram.of(program, storages)).toList();
    List<String> warnings = new ArrayList<>(factors.warnings());
    warnings.addAll(choice.warnings());
    return new CompressedPrograms(
        stored,
        TensorArrays.tensors(this.stored),
        storages,
        lines,
        programs,
        values,
        rounded,
        warnings);
  }

  private void trainFactors(Learning learning) {
    int epochs =
        spec.factorize().stream().mapToInt(CompressSpec.FactorizeSpec::epochs).max().orElse(0);
    if (epochs > 0 && !factors.wholes().isEmpty()) {
      Map<String, Tensor> from = TensorArrays.tensors(values);
      TrainingListener listener = TrainingListener.SILENT;
      values.putAll(TensorArrays.arrays(learning.train(programs, from, epochs, listener)));
    }
  }

  /**
   * Trains weights, and ranges of inputs, to be integers; afterwards their values and scales are
   * what was learned.
   */
  private void learn(
      Map<String, Storage.Integers> learned,
      int epochs,
      Map<String, WeightSite> sites,
      Learning learning) {
    if (learned.isEmpty()) {
      return;
    }
    Map<String, Array> from = new LinkedHashMap<>(values);
    learned.forEach(
        (name, storage) -> {
          Array first = integers(name, values.get(name), storage).scales();
          from.put(FakeQuantize.logScaleOf(name), FakeQuantize.logarithms(first));
          if (storage.inputs() instanceof Storage.Inputs.Fixed fixed) {
            from.putAll(LearnedRange.first(name, fixed.range()));
          }
        });
    List<Graph> rounded =
        programs.stream().map(program -> FakeQuantize.of(program, learned)).toList();
    boolean sparse = spec.prune().stream().anyMatch(each -> each.kind() != Pruning.STRUCTURED);
    Map<String, Array> weights = new LinkedHashMap<>(values);
    weights.keySet().retainAll(sites.keySet());
    TrainingListener listener = sparse ? new KeptZeros(weights) : TrainingListener.SILENT;
    Map<String, Array> trained =
        TensorArrays.arrays(learning.train(rounded, TensorArrays.tensors(from), epochs, listener));
    values.replaceAll((name, old) -> trained.get(name));
    learned.forEach(
        (name, storage) -> {
          scales.put(name, FakeQuantize.scales(trained.get(FakeQuantize.logScaleOf(name))));
          if (storage.inputs() instanceof Storage.Inputs.Fixed) {
            ranges.put(name, LearnedRange.of(name, trained));
          }
        });
  }

  private Storage withLearnedRange(String name, Storage storage) {
    AffineRange range = ranges.get(name);
    return range != null && storage instanceof Storage.Integers integers
        ? integers.with(new Storage.Inputs.Fixed(range))
        : storage;
  }

  /** Chooses types by what they cost the loss on training rows. */
  private void mix(StorageChoice choice, ModelManifest manifest, Dataset rows) {
    choice
        .mixed()
        .forEach(
            (sentence, weights) -> {
              requireRows(sentence, rows);
              LossOfRows loss =
                  new LossOfRows(
                      loss(),
                      manifest,
                      TensorArrays.tensors(values),
                      Calibration.spread(rows, sentence.calibration().rows()));
              double plain = loss.plain();
              choice.decide(
                  sentence,
                  MixedChoice.of(
                      sentence,
                      weights,
                      values,
                      (name, storage) -> loss.with(name, rounded(name, storage)) - plain));
            });
  }

  private Array rounded(String name, Storage.Integers storage) {
    return integers(name, values.get(name), storage).values(storage.axis(), storage.group());
  }

  private static void requireRows(QuantizeSpec sentence, Dataset rows) {
    if (rows == NO_ROWS || rows.size() == 0) {
      throw new DiagnosticException(
          Diagnostic.of(
              DiagnosticCode.BAD_CALIBRATION,
              sentence.span(),
              "there are no rows to calibrate on"));
    }
  }

  private Graph loss() {
    return programs.stream()
        .filter(program -> program.name().equals(LOSS))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no program " + LOSS));
  }

  private Map<String, ActivationValues> calibrate(
      Map<String, QuantizeSpec> calibrated, ModelManifest manifest, Dataset rows) {
    if (calibrated.isEmpty()) {
      return Map.of();
    }
    QuantizeSpec first = calibrated.values().iterator().next();
    requireRows(first, rows);
    Graph loss = loss();
    Map<String, Tensor> tensors = TensorArrays.tensors(values);
    // Sentences may look at different numbers of rows; each weight sees those of its own.
    Map<String, ActivationValues> seen = new LinkedHashMap<>();
    calibrated.values().stream()
        .distinct()
        .forEach(
            sentence -> {
              List<String> weights = new ArrayList<>(calibrated.keySet());
              weights.removeIf(name -> !calibrated.get(name).equals(sentence));
              Dataset spread = Calibration.spread(rows, sentence.calibration().rows());
              seen.putAll(
                  Calibration.of(loss, java.util.Set.copyOf(weights), tensors, manifest, spread));
            });
    return seen;
  }

  private void store(String name, Array value, Storage storage, ActivationValues seen) {
    long before = (long) value.size() * value.dtype().bytes();
    String shape = value.dtype() + Arrays.toString(value.shape());
    if (storage == null) {
      stored.put(name, value);
      String type = value.dtype().text();
      lines.add(
          new StoredParameter(
              name,
              shape,
              type,
              before,
              before,
              zeros(value),
              lost(name, 0),
              "",
              Double.NaN,
              Double.NaN,
              StoredParameter.histogram(value)));
      return;
    }
    lines.add(
        storage.accept(
            new Storage.Visitor<>() {
              @Override
              public StoredParameter visit(Storage.Integers integers) {
                return integers(name, value, integers, seen, before, shape);
              }

              @Override
              public StoredParameter visit(Storage.Halves storage) {
                return halves(name, value, storage.dtype(), before, shape);
              }

              @Override
              public StoredParameter visit(Storage.Sparse matrix) {
                return withoutZeros(name, value, before, shape);
              }
            }));
  }

  private StoredParameter integers(
      String name,
      Array value,
      Storage.Integers storage,
      ActivationValues seen,
      long before,
      String shape) {
    StoredIntegers integers = integers(name, value, storage);
    Array kept = storage.bits() == 4 ? integers.packed(storage.packed()) : integers.integers();
    stored.put(name, kept);
    stored.put(CompressProgram.scaleOf(name), integers.scales());
    rounded.put(name, integers.values(storage.axis(), storage.group()));
    long after = kept.size() + (long) integers.scales().size() * DType.BF16.bytes();
    double inputError = Double.NaN;
    String input = "floats";
    if (storage.inputs() instanceof Storage.Inputs.Dynamic dynamic) {
      input = "int" + dynamic.bits() + " per row";
    } else if (storage.inputs() instanceof Storage.Inputs.Fixed fixed) {
      inputError = seen.error(fixed.range());
      input =
          String.format(
              Locale.ROOT,
              "int8 (q - %d) * %.4g",
              fixed.range().zeroPoint(),
              fixed.range().scale());
    }
    String type = "int" + storage.bits() + (storage.group() == 0 ? "" : "/" + storage.group());
    return new StoredParameter(
        name,
        shape,
        type,
        before,
        after,
        zeros(integers.integers()),
        lost(name, integers.error()),
        input,
        inputError,
        Double.NaN,
        StoredParameter.histogram(integers.integers()));
  }

  private StoredIntegers integers(String name, Array value, Storage.Integers storage) {
    Array learned = scales.get(name);
    int axis = storage.axis();
    int bits = storage.bits();
    try {
      return learned == null
          ? StoredIntegers.of(value, axis, bits, storage.group())
          : StoredIntegers.of(value, axis, bits, storage.group(), learned);
    } catch (StoredIntegers.NotFiniteException notFinite) {
      throw new DiagnosticException(
          Diagnostic.of(
                  DiagnosticCode.NOT_FINITE,
                  spec.quantize().get(0).span(),
                  "`" + name + "` cannot be made of integers: " + notFinite.getMessage())
              .withHint("the training went wrong, or a normalisation divides by 0"));
    }
  }

  private StoredParameter halves(String name, Array value, DType dtype, long before, String shape) {
    double[] rounded16 = value.data().clone();
    double lost = 0;
    double whole = 0;
    for (int i = 0; i < rounded16.length; i++) {
      rounded16[i] = ScalarFunctions.round(dtype, rounded16[i]);
      double difference = rounded16[i] - value.data()[i];
      lost += difference * difference;
      whole += value.data()[i] * value.data()[i];
    }
    Array halves = new Array(dtype, value.shape(), rounded16);
    stored.put(name, halves);
    rounded.put(name, new Array(value.dtype(), value.shape(), rounded16));
    double error = whole == 0 ? 0 : Math.sqrt(lost / whole);
    long after = (long) halves.size() * dtype.bytes();
    return new StoredParameter(
        name,
        shape,
        dtype.text(),
        before,
        after,
        zeros(halves),
        lost(name, error),
        "",
        Double.NaN,
        Double.NaN,
        StoredParameter.histogram(halves));
  }

  private StoredParameter withoutZeros(String name, Array value, long before, String shape) {
    SparseWeight matrix = SparseWeight.of(value);
    stored.put(name, matrix.values());
    stored.put(CompressProgram.gapsOf(name), matrix.gaps());
    stored.put(CompressProgram.startsOf(name), matrix.starts());
    return new StoredParameter(
        name,
        shape,
        "sparse",
        before,
        matrix.bytes(),
        zeros(value),
        lost(name, 0),
        "",
        Double.NaN,
        Double.NaN,
        StoredParameter.histogram(value));
  }

  /** What rounding lost, on top of what factors of low rank did. */
  private double lost(String name, double rounding) {
    return Math.hypot(factors.errors().getOrDefault(name, 0.0), rounding);
  }

  private static double zeros(Array value) {
    long zeros = Arrays.stream(value.data()).filter(element -> element == 0).count();
    return value.size() == 0 ? 0 : (double) zeros / value.size();
  }
}
