package org.modelc.codegen.jvm;

import com.palantir.javapoet.ArrayTypeName;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import javax.lang.model.element.Modifier;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.kernel.KernelWork;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.ScalarExpansion;
import org.modelc.runtime.CompiledProgram;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi;
import org.modelc.runtime.workers.Team;

/** Prints a kernel program as a Java class that extends {@link CompiledProgram}. */
public final class JvmBackend {
  /** HotSpot never compiles a method of more bytecode than 8,000 bytes; a call takes about 17. */
  private static final int CALLS_PER_METHOD = 250;

  private static final String KERNELS = "org.modelc.runtime.kernels";
  private static final TypeName OBJECTS = ArrayTypeName.of(Object.class);
  private static final TypeName INTS = ArrayTypeName.of(int.class);

  /**
   * Emits the class.
   *
   * @param program with or without a memory plan; without one each temporary has its own array
   * @param binaryName the class's name, such as {@code com.acme.digits.Digits$Predict} written with
   *     dots
   */
  public EmittedProgram emit(KernelProgram program, String binaryName) {
    ClassName name = ClassName.bestGuess(binaryName);
    ProgramArrays arrays = new ProgramArrays(program);
    ScratchPlan scratch = new ScratchPlan();
    KernelWriter writer = new KernelWriter(arrays, program.dims(), scratch);
    SchedulePolicy policy = new SchedulePolicy(writer);
    List<Phase> phases = new ArrayList<>();
    for (Kernel kernel : ContractionLayouts.of(program, arrays)) {
      phases.addAll(policy.phases(expanded(kernel)));
    }
    TypeSpec type = type(program, name, phases, scratch, writer.rowSteps());
    JavaFile file =
        JavaFile.builder(name.packageName(), type).skipJavaLangImports(true).indent("  ").build();
    List<String> kernels = phases.stream().map(p -> String.join("; ", p.comment())).toList();
    return new EmittedProgram(
        abi(program, binaryName, arrays), arrays.constants(), file.toString(), kernels);
  }

  /** Functions of f32 become arithmetic, which does not depend on the Java runtime's library. */
  private static Kernel expanded(Kernel kernel) {
    return kernel instanceof LoopNest nest ? ScalarExpansion.expand(nest) : kernel;
  }

  private static ProgramAbi abi(KernelProgram program, String binaryName, ProgramArrays arrays) {
    Dim work = Dim.ZERO;
    for (Kernel kernel : program.kernels()) {
      work = work.plus(KernelWork.of(kernel));
    }
    return new ProgramAbi(
        program.name(),
        binaryName,
        program.dims(),
        program.bounds(),
        arrays.all(),
        arrays.peakBytes(),
        work);
  }

  private static TypeSpec type(
      KernelProgram program,
      ClassName name,
      List<Phase> phases,
      ScratchPlan scratch,
      RowSteps rowSteps) {
    TypeSpec.Builder type =
        TypeSpec.classBuilder(name)
            .addModifiers(Modifier.PUBLIC, Modifier.FINAL)
            .superclass(CompiledProgram.class)
            .addJavadoc("Program $L, generated.\n", CodeBlock.of("$L", program.name()));
    List<MethodSpec> parts = parts(PhaseOrder.calls(phases));
    type.addMethod(run(parts));
    if (parts.size() > 1) {
      type.addMethods(parts);
    }
    type.addMethod(scratch(program, scratch));
    phases.forEach(phase -> type.addMethod(method(phase)));
    type.addMethods(rowSteps.methods());
    return type.build();
  }

  /** The calls as methods small enough for the compiler; a program of few calls is one method. */
  private static List<MethodSpec> parts(List<String> calls) {
    List<MethodSpec> parts = new ArrayList<>();
    for (int from = 0; from == 0 || from < calls.size(); from += CALLS_PER_METHOD) {
      List<String> some = calls.subList(from, Math.min(calls.size(), from + CALLS_PER_METHOD));
      MethodSpec.Builder part =
          MethodSpec.methodBuilder("part" + parts.size())
              .addModifiers(Modifier.PRIVATE, Modifier.STATIC);
      programParameters(part);
      part.addCode("final int workers = team.size();\n");
      parts.add(part.addCode("$L\n", String.join("\n", some)).build());
    }
    return parts;
  }

  private static MethodSpec run(List<MethodSpec> parts) {
    MethodSpec.Builder run =
        MethodSpec.methodBuilder("run").addAnnotation(Override.class).addModifiers(Modifier.PUBLIC);
    programParameters(run);
    if (parts.size() == 1) {
      return run.addCode(parts.get(0).code()).build();
    }
    for (MethodSpec part : parts) {
      run.addStatement("$L(buffers, dims, scratch, team, worker)", part.name());
    }
    return run.build();
  }

  private static void programParameters(MethodSpec.Builder method) {
    method
        .addParameter(OBJECTS, "buffers")
        .addParameter(INTS, "dims")
        .addParameter(OBJECTS, "scratch")
        .addParameter(Team.class, "team")
        .addParameter(int.class, "worker");
  }

  private static MethodSpec scratch(KernelProgram program, ScratchPlan scratch) {
    KernelScope scope = new KernelScope(null, program.dims());
    MethodSpec.Builder method =
        MethodSpec.methodBuilder("scratch")
            .addAnnotation(Override.class)
            .addModifiers(Modifier.PUBLIC)
            .returns(OBJECTS)
            .addParameter(INTS, "dims");
    program.dims().forEach(dim -> scope.dim(Dim.symbol(dim)));
    method.addCode("$L\n", String.join("\n", scope.declarations()));
    String arrays = scratch.allocations().stream().collect(Collectors.joining(",\n    "));
    return method.addCode("return new Object[] {\n    $L\n};\n", qualified(arrays)).build();
  }

  private static MethodSpec method(Phase phase) {
    MethodSpec.Builder method =
        MethodSpec.methodBuilder(phase.method())
            .addModifiers(Modifier.PRIVATE, Modifier.STATIC)
            .addParameter(OBJECTS, "buffers")
            .addParameter(INTS, "dims")
            .addParameter(OBJECTS, "scratch")
            .addParameter(int.class, "worker")
            .addParameter(int.class, "workers");
    phase.comment().forEach(line -> method.addComment("$L", line));
    return method.addCode("$L", qualified(phase.body())).build();
  }

  /** Kernel bodies name the runtime's classes by their simple names. */
  private static String qualified(String body) {
    return body.replaceAll(
        "(?<![\\w.])(Grid|HalfFloat|ErrorFunction|InnerRows|MatrixRows)(?=[.(\\) ])",
        KERNELS + ".$1");
  }
}
