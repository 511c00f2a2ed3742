package org.modelc.compiler;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.compiler.program.ClassNames;
import org.modelc.compiler.program.CompiledPrograms;
import org.modelc.compiler.program.ProgramCompiler;
import org.modelc.compiler.program.ProgramStages;
import org.modelc.compiler.schedule.ScheduleChecks;
import org.modelc.compiler.typed.TypedClass;
import org.modelc.dsl.ast.ModelFile;
import org.modelc.dsl.elaborate.ElaboratedModel;
import org.modelc.dsl.recipe.CompressSpec;
import org.modelc.ir.diagnostic.Diagnostic;
import org.modelc.ir.diagnostic.Diagnostics;
import org.modelc.ir.graph.Graph;
import org.modelc.runtime.ProgramSet;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.FunctionSpec;
import org.modelc.runtime.spec.ModelManifest;
import org.modelc.runtime.spec.ProgramAbi;
import org.modelc.runtime.spec.RecipeSpec;
import org.modelc.runtime.spec.TensorSpec;

/** A model from its file down to class files; immutable. What {@code inspect} shows. */
public final class Compilation {
  private final ModelSource source;
  private final ModelFile file;
  private final ModelRows rows;
  private final ElaboratedModel model;
  private final CompressSpec compression;
  private final ModelManifest manifest;
  private final CompiledPrograms programs;
  private final String typedSource;
  private final CompileOptions options;
  private final List<Diagnostic> warnings;

  private Compilation(
      FrontEnd front,
      ModelRows rows,
      ElaboratedModel model,
      ModelManifest manifest,
      CompiledPrograms programs,
      String typedSource,
      CompileOptions options,
      List<Diagnostic> warnings) {
    this.source = front.source();
    this.file = front.file();
    this.rows = rows;
    this.model = model;
    this.compression = front.compression();
    this.manifest = manifest;
    this.programs = programs;
    this.typedSource = typedSource;
    this.options = options;
    this.warnings = List.copyOf(warnings);
  }

  /**
   * Links programs with their typed class.
   *
   * @param rows the data's rows, or null
   * @param learned what the data taught
   * @param stages the programs down to class files
   */
  static Compilation of(
      FrontEnd front,
      ModelRows rows,
      LearnedState learned,
      ElaboratedModel model,
      List<ProgramStages> stages,
      ClassNames names,
      CompileOptions options,
      List<Diagnostic> warnings) {
    List<ProgramAbi> abis = stages.stream().map(each -> each.emitted().abi()).toList();
    ModelManifest manifest = manifest(front, learned, model, abis);
    String typed = TypedClass.write(manifest, names);
    CompiledPrograms programs =
        CompiledPrograms.of(
            stages,
            Map.of(names.typed(), typed),
            names,
            options.backend().required(),
            options.architectures(),
            options.schedules().schedules());
    List<Diagnostic> all = new ArrayList<>(warnings);
    all.addAll(scheduleWarnings(programs, options));
    return new Compilation(front, rows, model, manifest, programs, typed, options, all);
  }

  /** Looks at schedules for the levels that a jar gets. */
  private static List<Diagnostic> scheduleWarnings(
      CompiledPrograms programs, CompileOptions options) {
    if (programs.nativeBuild() == null || options.schedules().kernels().isEmpty()) {
      return List.of();
    }
    List<IsaLevel> levels =
        NativeJarParts.platforms(options.platforms()).stream()
            .flatMap(platform -> programs.nativeBuild().levels(platform).stream())
            .toList();
    return ScheduleChecks.of(options.schedules(), programs.nativeBuild(), levels);
  }

  private static ModelManifest manifest(
      FrontEnd front, LearnedState learned, ElaboratedModel model, List<ProgramAbi> abis) {
    List<FunctionSpec> functions =
        model.functions().stream()
            .filter(each -> each.exported())
            .map(
                each ->
                    new FunctionSpec(
                        each.name(),
                        each.documentation(),
                        each.inputs(),
                        each.outputs(),
                        each.name()))
            .toList();
    return new ModelManifest(
        ModelManifest.FORMAT,
        model.name(),
        model.documentation(),
        Compiler.version(),
        ProgramSet.Code.JVM,
        model.parameters(),
        model.states(),
        front.inputs(),
        learned.fitted(),
        learned.labels(),
        functions,
        abis,
        null,
        front.data(),
        front.recipe(),
        TargetRules.of(front, model),
        Map.of(),
        Map.of(),
        Map.of(),
        Map.of());
  }

  /** The file it was compiled from. */
  public ModelSource source() {
    return source;
  }

  /** The syntax tree. */
  public ModelFile file() {
    return file;
  }

  /**
   * The opened rows; null if nothing was read, since the file has no data or weights were given.
   */
  public ModelRows rows() {
    return rows;
  }

  /** The model as graphs. */
  public ElaboratedModel model() {
    return model;
  }

  /** The manifest as far as it is known before training. */
  public ModelManifest manifest() {
    return manifest;
  }

  /** Every program, stage by stage. */
  public List<ProgramStages> stages() {
    return programs.programs();
  }

  /** The programs as code. */
  public CompiledPrograms programs() {
    return programs;
  }

  /** How it was compiled. */
  public CompileOptions options() {
    return options;
  }

  /** The typed class's source text. */
  public String typedSource() {
    return typedSource;
  }

  /** What the user should know. */
  public List<Diagnostic> warnings() {
    return warnings;
  }

  /** The recipe; null if the file does not train the model. */
  public RecipeSpec recipe() {
    return manifest.recipe();
  }

  /** What is done to the model once it is trained; null if the file does not say. */
  public CompressSpec compression() {
    return compression;
  }

  /** The programs over parameters and states, with the constants they share. */
  public ProgramSet programSet(Map<String, Tensor> tensors) {
    return new ProgramSet(manifest, programs, withConstants(tensors));
  }

  /** All that is shipped: parameters and states, then constants. */
  public Map<String, Tensor> withConstants(Map<String, Tensor> tensors) {
    Map<String, Tensor> all = new LinkedHashMap<>(tensors);
    all.putAll(programs.constants());
    return all;
  }

  /** Freshly drawn parameters and states, by the recipe's seed. */
  public Map<String, Tensor> initialTensors(long seed) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    List<org.modelc.runtime.spec.TensorSpec> specs = new ArrayList<>(manifest.parameters());
    specs.addAll(manifest.states());
    specs.forEach(
        spec ->
            tensors.put(
                spec.name(),
                Tensor.zeros(spec.dtype(), org.modelc.runtime.ModelResources.shape(spec))));
    ProgramSet set = programSet(tensors);
    org.modelc.runtime.Frame init = set.frame("init");
    init.control("seed", seed);
    init.run();
    tensors.replaceAll((name, old) -> set.tensors().get(name));
    return tensors;
  }

  /**
   * This compilation with another recipe and other learned state, where neither changes a shape.
   */
  Compilation with(RecipeSpec recipe, LearnedState learned) {
    return new Compilation(this, Manifests.with(manifest, recipe, learned), rows);
  }

  /** This compilation with rows divided otherwise. */
  Compilation withRows(ModelRows others) {
    return new Compilation(this, manifest, others);
  }

  private Compilation(Compilation other, ModelManifest manifest, ModelRows rows) {
    this.source = other.source;
    this.file = other.file;
    this.rows = rows;
    this.model = other.model;
    this.compression = other.compression;
    this.manifest = manifest;
    this.programs = other.programs;
    this.typedSource = other.typedSource;
    this.options = other.options;
    this.warnings = other.warnings;
  }

  /**
   * The model over other parameters, which do not learn any more.
   *
   * @param programs the inference programs
   * @param tensors the parameters that they read
   */
  Compilation compressed(List<Graph> programs, Map<String, Tensor> tensors) {
    return over(programs, List.of(), tensors);
  }

  /**
   * The model over other parameters, none of which is a state.
   *
   * @param inference its programs
   * @param training programs that update parameters; empty if they do not learn
   * @param tensors the parameters that they read
   */
  Compilation over(List<Graph> inference, List<Graph> training, Map<String, Tensor> tensors) {
    ProgramCompiler compiler = new ProgramCompiler(names(), options.backend());
    inference.forEach(compiler::inference);
    training.forEach(compiler::training);
    List<TensorSpec> parameters = new ArrayList<>();
    tensors.forEach(
        (name, tensor) ->
            parameters.add(
                new TensorSpec(
                    name,
                    tensor.dtype(),
                    tensor.shape().stream().map(Dim::constant).toList(),
                    "")));
    return linked(model, parameters, List.of(), compiler.programs());
  }

  /** Another form of the model: of other parameters, but the same functions and recipe. */
  Compilation with(ElaboratedModel other) {
    // What there is to warn of was said of the model itself.
    List<ProgramStages> stages =
        new ModelPrograms(other, recipe(), new Diagnostics()).compile(names(), options.backend());
    return linked(other, other.parameters(), other.states(), stages);
  }

  private ClassNames names() {
    return new ClassNames(options.packageName(), model.name());
  }

  private Compilation linked(
      ElaboratedModel other,
      List<TensorSpec> parameters,
      List<TensorSpec> states,
      List<ProgramStages> stages) {
    ClassNames names = names();
    List<ProgramAbi> abis = stages.stream().map(each -> each.emitted().abi()).toList();
    ModelManifest stored = Manifests.with(manifest, parameters, states, abis);
    String typed = TypedClass.write(stored, names);
    CompiledPrograms compiled =
        CompiledPrograms.of(
            stages,
            Map.of(names.typed(), typed),
            names,
            options.backend().required(),
            options.architectures(),
            options.schedules().schedules());
    return new Compilation(this, other, stored, compiled, typed);
  }

  private Compilation(
      Compilation other,
      ElaboratedModel model,
      ModelManifest manifest,
      CompiledPrograms programs,
      String typedSource) {
    this.source = other.source;
    this.file = other.file;
    this.rows = other.rows;
    this.model = model;
    this.compression = other.compression;
    this.manifest = manifest;
    this.programs = programs;
    this.typedSource = typedSource;
    this.options = other.options;
    this.warnings = other.warnings;
  }
}
