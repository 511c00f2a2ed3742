package org.modelc.compiler.typed;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.lang.model.element.Modifier;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.TensorSpec;
import org.modelc.runtime.typed.Results;

/** The record of one row's results of a function. */
final class ResultRecord {
  private static final TypeName LABELS =
      ParameterizedTypeName.get(ClassName.get(List.class), ClassName.get(String.class));
  private static final TypeName RESULTS =
      ParameterizedTypeName.get(
          ClassName.get(Map.class), ClassName.get(String.class), ClassName.get(Tensor.class));

  private final TypedFunction function;

  ResultRecord(TypedFunction function) {
    this.function = function;
  }

  /** The record type. */
  TypeSpec type() {
    MethodSpec.Builder constructor = MethodSpec.constructorBuilder();
    TypeSpec.Builder type =
        TypeSpec.recordBuilder(function.result().simpleName()).addModifiers(Modifier.PUBLIC);
    type.addJavadoc("What {@code $L} gives for one row.\n\n", function.java());
    for (TensorSpec output : function.spec().outputs()) {
      String name = function.outputs().get(output.name());
      constructor.addParameter(ParameterSpec.builder(component(output), name).build());
      type.addJavadoc("@param $L $L\n", name, describe(output));
    }
    type.recordConstructor(constructor.build());
    function.labels().forEach((output, labels) -> addLabels(type, output, labels));
    return type.build();
  }

  private static TypeName component(TensorSpec output) {
    return TypedFunction.rowShape(output).isEmpty()
        ? JavaElement.scalar(output.dtype())
        : JavaElement.array(output.dtype());
  }

  private String describe(TensorSpec output) {
    List<Integer> shape = TypedFunction.rowShape(output);
    String doc = output.doc().isBlank() ? "" : Docs.escape(output.doc().strip()) + "; ";
    String type =
        output.dtype() + (shape.isEmpty() ? "" : ", " + Docs.shape(shape) + ", row-major");
    boolean labelled = function.labels().containsKey(output.name());
    String index =
        labelled ? "; index into {@code " + function.labelsConstant(output.name()) + "}" : "";
    return doc + type + index;
  }

  private void addLabels(TypeSpec.Builder type, String output, List<String> labels) {
    String constant = function.labelsConstant(output);
    CodeBlock names =
        labels.stream().map(label -> CodeBlock.of("$S", label)).collect(CodeBlock.joining(", "));
    type.addField(
        FieldSpec.builder(LABELS, constant, Modifier.PUBLIC, Modifier.STATIC, Modifier.FINAL)
            .addJavadoc("The classes in index order.")
            .initializer("$T.of(new String[] {$L})", List.class, names)
            .build());
    String name = function.outputs().get(output);
    boolean index = spec(output).dtype().isInteger();
    type.addMethod(index ? labelName(name, constant) : byLabel(name, constant));
  }

  private TensorSpec spec(String output) {
    return function.spec().outputs().stream()
        .filter(each -> each.name().equals(output))
        .findFirst()
        .orElseThrow();
  }

  private MethodSpec labelName(String name, String constant) {
    String index = spec(nameOf(name)).dtype() == DType.I64 ? "(int) " + name : name;
    return MethodSpec.methodBuilder(name + "Name")
        .addModifiers(Modifier.PUBLIC)
        .addJavadoc("The class that {@code $L} stands for.", name)
        .returns(String.class)
        .addStatement("return $L.get($L)", constant, index)
        .build();
  }

  private String nameOf(String java) {
    return function.outputs().entrySet().stream()
        .filter(entry -> entry.getValue().equals(java))
        .findFirst()
        .orElseThrow()
        .getKey();
  }

  private MethodSpec byLabel(String name, String constant) {
    boolean single = spec(nameOf(name)).dtype() == DType.F32;
    MethodSpec.Builder method =
        MethodSpec.methodBuilder(name + "ByName")
            .addModifiers(Modifier.PUBLIC)
            .addJavadoc("The values of {@code $L} by class, in index order.", name);
    TypeName value = ClassName.get(single ? Float.class : Double.class);
    method.returns(
        ParameterizedTypeName.get(ClassName.get(Map.class), ClassName.get(String.class), value));
    return method.addStatement("return $T.byLabel($L, $L)", Results.class, constant, name).build();
  }

  /** The method that takes one row out of the results. */
  MethodSpec reader() {
    List<CodeBlock> parts = new ArrayList<>();
    for (TensorSpec output : function.spec().outputs()) {
      CodeBlock tensor = CodeBlock.of("results.get($S)", output.name());
      TypeName type = component(output);
      parts.add(
          TypedFunction.rowShape(output).isEmpty()
              ? CodeBlock.of("$T.$LAt($L, row)", Results.class, type, tensor)
              : CodeBlock.of("($T) $T.rowOf($L, row)", type, Results.class, tensor));
    }
    return MethodSpec.methodBuilder(readerName())
        .addModifiers(Modifier.PRIVATE, Modifier.STATIC)
        .returns(function.result())
        .addParameter(RESULTS, "results")
        .addParameter(int.class, "row")
        .addStatement("return new $T($L)", function.result(), CodeBlock.join(parts, ", "))
        .build();
  }

  String readerName() {
    return function.java() + "Row";
  }
}
