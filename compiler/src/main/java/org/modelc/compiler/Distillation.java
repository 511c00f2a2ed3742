package org.modelc.compiler;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.compiler.compress.CompressionTable;
import org.modelc.compiler.compress.TensorArrays;
import org.modelc.compiler.jar.ModelArchive;
import org.modelc.dsl.elaborate.ElaboratedFunction;
import org.modelc.dsl.elaborate.ElaboratedModel;
import org.modelc.dsl.recipe.DistillSpec;
import org.modelc.ir.diagnostic.Diagnostic;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.ir.diagnostic.DiagnosticException;
import org.modelc.ir.graph.Graph;
import org.modelc.passes.DistilledLoss;
import org.modelc.passes.FreezeParameters;
import org.modelc.passes.FreezeParameters.Frozen;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.spec.ModelManifest;
import org.modelc.runtime.spec.ProgramAbi.Role;

/**
 * Puts a teacher into a model's training step: its frozen program, with its parameters as constants
 * that only this training reads. The jar that comes of it knows nothing of the teacher.
 */
final class Distillation {
  private final DistillSpec spec;
  private final ModelArchive jar;
  private final Frozen teacher;

  private Distillation(DistillSpec spec, ModelArchive jar, Frozen teacher) {
    this.spec = spec;
    this.jar = jar;
    this.teacher = teacher;
  }

  /** Opens the teacher that a model's recipe names; null if it names none. */
  static Distillation of(ModelSource source, String model) {
    DistillSpec spec = FrontEnd.parse(source, model).distillation();
    return spec == null ? null : of(spec, source);
  }

  /** What a training needs of a teacher beside the model's own tensors. */
  static Map<String, Tensor> constantsOf(Distillation teacher) {
    return teacher == null ? Map.of() : teacher.constants();
  }

  /** The model as it is trained: by its loss alone, or with a teacher's. */
  static Compilation learning(Compilation model, Distillation teacher) {
    return teacher == null ? model : teacher.student(model);
  }

  /**
   * Opens the teacher.
   *
   * @throws DiagnosticException if it is compressed, or has not the function or its result
   */
  static Distillation of(DistillSpec spec, ModelSource source) {
    ModelArchive jar = ModelArchive.open(source.folder().resolve(spec.path()));
    if (CompressionTable.of(jar).isPresent()) {
      throw bad(spec, "the teacher " + spec.path() + " is compressed", "take the jar from before");
    }
    List<Graph> programs =
        new ArrayList<>(ModelCompression.inferencePrograms(Compiler.recompile(jar)));
    List<String> names = programs.stream().map(Graph::name).toList();
    programs.removeIf(program -> !program.name().equals(spec.function()));
    if (programs.isEmpty() || programs.get(0).output(spec.result()) == null) {
      String missing = spec.function() + "." + spec.result();
      throw bad(spec, "the teacher has no result " + missing, "its functions are " + names);
    }
    Map<String, Tensor> tensors = JarCompression.tensors(jar);
    return new Distillation(
        spec, jar, FreezeParameters.freeze(programs, TensorArrays.arrays(tensors)));
  }

  private static DiagnosticException bad(DistillSpec spec, String message, String hint) {
    return new DiagnosticException(
        Diagnostic.of(DiagnosticCode.BAD_SETTING, spec.span(), message).withHint(hint));
  }

  /** The teacher's parameters, by the names that the training step reads them by. */
  Map<String, Tensor> constants() {
    Map<String, Tensor> constants = new LinkedHashMap<>();
    TensorArrays.tensors(teacher.values())
        .forEach((name, tensor) -> constants.put(DistilledLoss.constantOf(name), tensor));
    return constants;
  }

  /**
   * A model whose training step listens to the teacher.
   *
   * @throws DiagnosticException if the teacher takes or gives something else than the model
   */
  Compilation student(Compilation plain) {
    ElaboratedModel model = plain.model();
    ElaboratedFunction answering = model.function(spec.function()).orElseThrow();
    Graph program = teacher.programs().get(0);
    requireSameInputs(plain.manifest(), answering.training(), program);
    Object own = answering.training().output(spec.result()).value().type();
    Object others = program.output(spec.result()).value().type();
    if (!own.equals(others)) {
      String result = spec.function() + "." + spec.result();
      throw bad(
          spec,
          "the teacher's " + result + " is " + others + ", the model's " + own,
          "a teacher answers the same question");
    }
    String loss = plain.recipe().minimize().get(0).loss();
    List<ElaboratedFunction> functions = new ArrayList<>();
    for (ElaboratedFunction old : model.functions()) {
      functions.add(old.name().equals(loss) ? listening(old, answering) : old);
    }
    return plain.with(
        new ElaboratedModel(
            model.name(),
            model.documentation(),
            model.parameters(),
            model.states(),
            functions,
            model.init()));
  }

  /**
   * The loss of a model whose weights learn to be integers, with the teacher in it.
   *
   * @param programs the model's inference programs as that training sees them, its loss among them
   */
  Graph listening(Graph loss, List<Graph> programs) {
    Graph answering =
        programs.stream()
            .filter(each -> each.name().equals(spec.function()))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no program " + spec.function()));
    return listening(loss, answering);
  }

  private Graph listening(Graph loss, Graph answering) {
    return DistilledLoss.of(
        loss,
        answering,
        teacher.programs().get(0),
        new DistilledLoss.Settings(spec.result(), spec.temperature(), spec.weight()));
  }

  private ElaboratedFunction listening(ElaboratedFunction loss, ElaboratedFunction answering) {
    Graph training = listening(loss.training(), answering.training());
    return new ElaboratedFunction(
        loss.name(),
        loss.documentation(),
        loss.exported(),
        loss.inputs(),
        loss.outputs(),
        training,
        loss.inference());
  }

  /** Both take the same tensors, made of raw columns in the same way. */
  private void requireSameInputs(ModelManifest own, Graph answering, Graph program) {
    ModelManifest others = jar.model().manifest();
    for (Graph.Input input : program.inputs()) {
      Graph.Input same = answering.input(input.name());
      boolean data = input.role() == Role.INPUT;
      if (data && (same == null || !same.value().type().equals(input.value().type()))) {
        throw bad(
            spec,
            "the teacher takes `"
                + input.name()
                + "` as "
                + input.value().type()
                + ", the model "
                + (same == null ? "does not take it" : "as " + same.value().type()),
            "a teacher has the model's inputs");
      }
      Object fitted = own.fitted().get(input.name());
      if (data && fitted != null && !fitted.equals(others.fitted().get(input.name()))) {
        throw bad(
            spec,
            "the teacher makes `" + input.name() + "` otherwise of raw columns",
            "declare the input alike, and train both on the same rows");
      }
    }
  }
}
