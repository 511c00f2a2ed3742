package org.modelc.compiler;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import org.modelc.codegen.jvm.JavaCompilation;
import org.modelc.compiler.jar.ModelArchive;
import org.modelc.compiler.jar.ModelJar;
import org.modelc.compiler.jar.Provenance;
import org.modelc.compiler.program.ClassNames;
import org.modelc.compiler.program.ProgramStages;
import org.modelc.compiler.schedule.ScheduleFile;
import org.modelc.compiler.schedule.Tuner;
import org.modelc.dsl.elaborate.ElaboratedModel;
import org.modelc.dsl.elaborate.StandardLibrary;
import org.modelc.ir.diagnostic.Diagnostic;
import org.modelc.ir.diagnostic.Diagnostics;
import org.modelc.runtime.FormatException;
import org.modelc.runtime.ModelcException;
import org.modelc.runtime.Safetensors;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.spec.DataSpec;
import org.modelc.runtime.spec.ModelManifest;
import org.modelc.runtime.train.TrainingListener;

/**
 * The driver, and the public way to use the compiler from a program.
 *
 * <pre>{@code
 * TrainedModel trained =
 *     Compiler.train(ModelSource.read(file), TrainOptions.defaults(), TrainingListener.SILENT);
 * trained.jar().write(Path.of("build/Digits.jar"), true);
 * }</pre>
 */
public final class Compiler {
  private static final String VERSION = readVersion();

  private Compiler() {}

  /** The compiler's version, such as {@code 0.1.0}. */
  public static String version() {
    return VERSION;
  }

  /**
   * Begins on another thread what a process needs that reads one model file: the language's
   * library. Worth it as the very first thing.
   */
  public static void preload() {
    StandardLibrary.preload();
  }

  /**
   * Begins on another thread what every first compilation of a process needs; worth it for a
   * process that compiles one model.
   */
  public static void warmUp() {
    JavaCompilation.warmUp();
  }

  /**
   * Parses and type-checks a file; reads no data, so learned dims stay symbols.
   *
   * @return errors and warnings by place; empty if all is well
   */
  public static List<Diagnostic> check(ModelSource source) {
    return FrontEnd.check(source);
  }

  /**
   * Compiles a model, reading its data for what is learned from it before training.
   *
   * @throws org.modelc.ir.diagnostic.DiagnosticException if the file has errors
   * @throws org.modelc.runtime.ModelcException if the data or the weights cannot be used
   */
  public static Compilation compile(ModelSource source, CompileOptions options) {
    FrontEnd front = FrontEnd.parse(source, options.model());
    if (options.weights() != null) {
      Safetensors weights = Safetensors.read(options.weights());
      return compile(front, null, learned(weights, options.weights(), front), options);
    }
    if (front.data() == null) {
      requireNothingLearned(front);
      return compile(front, null, LearnedState.NONE, options);
    }
    ModelRows rows = ModelRows.open(front.data(), source);
    List<String> notes = new ArrayList<>(rows.warnings());
    LearnedState learned = rows.learn(front.inputs(), notes);
    return compile(front, new ModelRows(rows.splits(), notes), learned, options);
  }

  private static void requireNothingLearned(FrontEnd front) {
    if (!front.inputs().isEmpty()) {
      throw new ModelcException(
          "input `" + front.inputs().get(0).name() + "` learns from data, and the file has none",
          "write data and train blocks, or give what was learned with the weights");
    }
  }

  /** Compiles the model file in a jar anew, with what the jar says was learned. */
  public static Compilation recompile(ModelArchive jar) {
    return recompile(jar, CompileOptions.defaults().backend());
  }

  /** Compiles a jar's model file anew for a backend, with what the jar says was learned. */
  public static Compilation recompile(ModelArchive jar, Backend backend) {
    ModelManifest manifest = jar.model().manifest();
    Path here = Path.of("").toAbsolutePath();
    ModelSource source = ModelSource.of(manifest.name() + ".model", jar.source(), here);
    CompileOptions options =
        CompileOptions.defaults().withModel(manifest.name()).withBackend(backend);
    return compile(source, options, learned(manifest));
  }

  /** Compiles with what was learned before; reads no data. */
  static Compilation compile(ModelSource source, CompileOptions options, LearnedState learned) {
    return compile(FrontEnd.parse(source, options.model()), null, learned, options);
  }

  private static Compilation compile(
      FrontEnd front, ModelRows rows, LearnedState learned, CompileOptions options) {
    Diagnostics diagnostics = new Diagnostics();
    ElaboratedModel model = front.elaborate(learned, diagnostics);
    LearnedState labelled = rows == null ? learned : rows.withLabels(learned, model);
    ClassNames names = new ClassNames(options.packageName(), model.name());
    ClassNameRules.check(names, front.place());
    List<ProgramStages> stages =
        new ModelPrograms(model, front.recipe(), diagnostics).compile(names, options.backend());
    return Compilation.of(
        front, rows, labelled, model, stages, names, options, diagnostics.sorted());
  }

  /**
   * Trains a model and packs it.
   *
   * @param listener hears of every step, on this thread
   * @throws org.modelc.ir.diagnostic.DiagnosticException if the file has errors
   * @throws org.modelc.runtime.ModelcException if data, recipe or checkpoint cannot be used
   */
  public static TrainedModel train(
      ModelSource source, TrainOptions options, TrainingListener listener) {
    return new ModelTraining(source, options, listener).run();
  }

  /**
   * Trains what is compiled already.
   *
   * @param options whose own compile options are not looked at
   * @param listener hears of every step, on this thread
   * @throws org.modelc.runtime.ModelcException if recipe or checkpoint cannot be used
   */
  public static TrainedModel train(
      Compilation compilation, TrainOptions options, TrainingListener listener) {
    return new ModelTraining(compilation.source(), () -> compilation, options, listener).run();
  }

  /**
   * Packs a model without training it: with the parameters of {@link CompileOptions#weights}, else
   * with freshly drawn ones.
   *
   * @throws org.modelc.runtime.ModelcException if a parameter is missing or of another shape
   */
  public static ModelJar build(ModelSource source, CompileOptions options) {
    return build(compile(source, options));
  }

  /**
   * Looks for schedules of a model's native kernels that are faster on this machine, at its level,
   * than those of the cost model; an input of later builds on any machine.
   *
   * @param progress hears of every knob before it is tried
   * @throws ModelcException if something else than native code runs the model
   */
  public static ScheduleFile tune(
      Compilation compilation, TuneOptions options, Tuner.Progress progress) {
    return new ScheduleTuning(compilation, options).run(progress);
  }

  /** Packs what is compiled already, without training it. */
  public static ModelJar build(Compilation compilation) {
    CompileOptions options = compilation.options();
    long seed = compilation.recipe() == null ? 0 : compilation.recipe().seed();
    // Before parameters are drawn, which takes native code of one level: all are compiled at once.
    NativeJarParts parts = NativeJarParts.of(compilation);
    Map<String, Tensor> tensors =
        options.weights() == null
            ? compilation.initialTensors(seed)
            : Weights.of(compilation.manifest(), options.weights());
    return pack(compilation, compilation.manifest(), tensors, parts);
  }

  static ModelJar pack(
      Compilation compilation, ModelManifest manifest, Map<String, Tensor> tensors) {
    return pack(compilation, manifest, tensors, Map.of());
  }

  /**
   * Packs a model.
   *
   * @param others further entries of the jar by name
   */
  static ModelJar pack(
      Compilation compilation,
      ModelManifest manifest,
      Map<String, Tensor> tensors,
      Map<String, byte[]> others) {
    NativeJarParts parts = NativeJarParts.of(compilation);
    return pack(
        compilation, manifest, tensors, new NativeJarParts(parts.spec(), parts.with(others)));
  }

  private static ModelJar pack(
      Compilation compilation,
      ModelManifest manifest,
      Map<String, Tensor> tensors,
      NativeJarParts parts) {
    return new ModelJar(
        Manifests.with(manifest, compilation.programs().backend(), parts.spec()),
        compilation.source().text().text(),
        compilation.withConstants(tensors),
        Map.of(LearnedState.METADATA, learned(manifest).encode()),
        compilation.programs().classes(),
        parts.libraries(),
        provenance(compilation, manifest));
  }

  private static Provenance provenance(Compilation compilation, ModelManifest manifest) {
    List<Provenance.DataFile> data = new ArrayList<>();
    if (compilation.rows() != null && manifest.data() != null) {
      Path folder = compilation.source().folder();
      for (DataSpec.SourceSpec each : manifest.data().sources()) {
        new java.util.TreeMap<>(each.paths())
            .forEach(
                (argument, path) ->
                    data.add(new Provenance.DataFile(path, Digest.of(folder.resolve(path)))));
      }
    }
    return new Provenance(
        manifest.name(),
        VERSION,
        Digest.of(compilation.source().text().text()),
        manifest.recipe() == null ? 0 : manifest.recipe().seed(),
        !manifest.metrics().isEmpty(),
        data,
        Provenance.said(manifest.doc(), "Licence:", "License:"),
        Provenance.said(manifest.doc(), "Intended use:"));
  }

  /** What a manifest says was learned. */
  static LearnedState learned(ModelManifest manifest) {
    return new LearnedState(manifest.fitted(), manifest.labels());
  }

  private static LearnedState learned(Safetensors weights, Path path, FrontEnd front) {
    String text = weights.metadata().get(LearnedState.METADATA);
    if (text != null) {
      return LearnedState.decode(text);
    }
    if (!front.inputs().isEmpty()) {
      throw new FormatException(
          path + " does not say what was learned from data",
          "inputs need it; its metadata has no "
              + LearnedState.METADATA
              + ", which files from modelc jars have");
    }
    return LearnedState.NONE;
  }

  /** What other rows teach the model of a compilation. */
  static LearnedState learn(Compilation compilation, ModelRows rows, Consumer<String> warnings) {
    List<String> notes = new ArrayList<>();
    LearnedState learned = rows.learn(compilation.manifest().inputs(), notes);
    notes.forEach(warnings);
    // Classes stay those of all training rows, so that a class has one index in every fold.
    return new LearnedState(learned.fitted(), compilation.manifest().labels());
  }

  /** The compilation for another learned state; programs are made anew only if a shape changed. */
  static Compilation relearned(Compilation compilation, LearnedState learned) {
    boolean sameShapes =
        compilation.manifest().fitted().entrySet().stream()
            .allMatch(
                old -> learned.fitted().get(old.getKey()).shape().equals(old.getValue().shape()));
    if (sameShapes) {
      return compilation.with(compilation.recipe(), learned);
    }
    FrontEnd front = FrontEnd.parse(compilation.source(), compilation.model().name());
    Compilation fresh = compile(front, null, learned, compilation.options());
    return fresh.with(compilation.recipe(), learned);
  }

  private static String readVersion() {
    Properties properties = new Properties();
    try (InputStream in = Compiler.class.getResourceAsStream("version.properties")) {
      properties.load(in);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return properties.getProperty("version");
  }
}
