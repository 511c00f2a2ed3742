package org.modelc.compiler.typed;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.lang.model.element.Modifier;
import org.modelc.compiler.typed.FunctionInput.Form;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.typed.RawRows;

/** The methods of a function that works row by row: one row flat, one row nested, many rows. */
final class RowMethods {
  static final TypeName TEXTS =
      ParameterizedTypeName.get(ClassName.get(List.class), ClassName.get(String.class));
  private static final TypeName RESULTS =
      ParameterizedTypeName.get(
          ClassName.get(Map.class), ClassName.get(String.class), ClassName.get(Tensor.class));

  private final TypedFunction function;
  private final Map<String, InputRecord> records;
  private final ResultRecord result;
  private final boolean pictures;

  RowMethods(
      TypedFunction function,
      Map<String, InputRecord> records,
      ResultRecord result,
      boolean pictures) {
    this.pictures = pictures;
    this.function = function;
    this.records = records;
    this.result = result;
  }

  List<MethodSpec> methods() {
    List<MethodSpec> methods = new ArrayList<>();
    methods.add(oneRow());
    if (function.inputs().stream().anyMatch(input -> !input.nestedShape().isEmpty())) {
      methods.add(nestedRow());
    }
    methods.add(manyRows());
    methods.addAll(overloads().methods());
    return methods;
  }

  private RowOverloads overloads() {
    return new RowOverloads(
        function, function.inputs().stream().map(this::rowType).toList(), pictures);
  }

  /** Whether the typed class needs {@link PictureMethod}. */
  boolean takesPicture() {
    return overloads().takesPicture();
  }

  static String columnsConstant(FunctionInput input) {
    return input.java().replaceAll("([a-z0-9])([A-Z])", "$1_$2").toUpperCase(Locale.ROOT)
        + "_COLUMNS";
  }

  private MethodSpec.Builder method(String name) {
    return MethodSpec.methodBuilder(name)
        .addModifiers(Modifier.PUBLIC)
        .addJavadoc(
            "$L\n\n",
            Docs.text(function.spec().doc(), "The function " + function.spec().name() + "."));
  }

  private MethodSpec oneRow() {
    MethodSpec.Builder method = method(function.java()).returns(function.result());
    CodeBlock.Builder rows = CodeBlock.builder().add("new $T(1)", RawRows.class);
    for (FunctionInput input : function.inputs()) {
      method.addParameter(rowType(input), input.java());
      method.addJavadoc("@param $L $L\n", input.java(), Docs.row(input, "row-major"));
      rows.add("\n    $L", oneRow(input));
    }
    return finish(method, rows.add(".batch()").build());
  }

  private MethodSpec finish(MethodSpec.Builder method, CodeBlock batch) {
    return method
        .addJavadoc("@return $L\n", Docs.results(function))
        .addJavadoc("@throws org.modelc.runtime.ModelcException if a value cannot be used\n")
        .addStatement(
            "return $L($L.predict($L), 0)",
            result.readerName(),
            TypedClass.predictor(function),
            batch)
        .build();
  }

  private MethodSpec nestedRow() {
    MethodSpec.Builder method = method(function.java()).returns(function.result());
    List<CodeBlock> arguments = new ArrayList<>();
    for (FunctionInput input : function.inputs()) {
      List<Integer> shape = input.nestedShape();
      boolean nested = !shape.isEmpty();
      method.addParameter(
          nested ? JavaElement.nested(TypeName.FLOAT, shape.size()) : rowType(input), input.java());
      method.addJavadoc("@param $L $L\n", input.java(), Docs.row(input, "nested"));
      String dims = String.join(", ", shape.stream().map(String::valueOf).toList());
      arguments.add(
          nested
              ? CodeBlock.of("$T.flat($S, $L, $L)", RawRows.class, input.java(), input.java(), dims)
              : CodeBlock.of("$L", input.java()));
    }
    return method
        .addJavadoc("@return $L\n", Docs.results(function))
        .addJavadoc("@throws org.modelc.runtime.ModelcException if a value cannot be used\n")
        .addStatement("return $L($L)", function.java(), CodeBlock.join(arguments, ", "))
        .build();
  }

  private TypeName rowType(FunctionInput input) {
    return switch (input.form()) {
      case SCALAR -> JavaElement.scalar(input.spec().dtype());
      case ARRAY -> JavaElement.array(input.direct() ? input.spec().dtype() : DType.F32);
      case RECORD -> records.get(input.spec().name()).name();
    };
  }

  private CodeBlock oneRow(FunctionInput input) {
    return switch (input.form()) {
      case SCALAR ->
          CodeBlock.of(
              ".scalars($S, new $T[] {$L})",
              input.spec().name(),
              JavaElement.scalar(input.spec().dtype()),
              input.java());
      case ARRAY -> array(input, CodeBlock.of("$L", input.java()));
      case RECORD -> record(input, CodeBlock.of("$L", input.java()), false);
    };
  }

  private CodeBlock array(FunctionInput input, CodeBlock values) {
    if (input.isSpread()) {
      return CodeBlock.of(".spread($S, $L, $L)", input.java(), columnsConstant(input), values);
    }
    DType dtype = input.direct() ? input.spec().dtype() : DType.F32;
    return tensors(input.columns().get(0), dtype, values);
  }

  /** Each column gathered over one row, or over a list of rows. */
  private CodeBlock record(FunctionInput input, CodeBlock rows, boolean many) {
    InputRecord record = records.get(input.spec().name());
    List<CodeBlock> parts = new ArrayList<>();
    for (int i = 0; i < record.components().size(); i++) {
      RawColumn column = input.columns().get(i);
      String component = record.components().get(i);
      parts.add(
          many
              ? gatheredColumn(column, gathered(input, component))
              : singleColumn(column, CodeBlock.of("$L.$L()", rows, component)));
    }
    return CodeBlock.join(parts, "\n    ");
  }

  private static CodeBlock singleColumn(RawColumn column, CodeBlock value) {
    if (!column.shape().isEmpty()) {
      return tensors(column, DType.F32, value);
    }
    TypeName type = InputRecord.component(column);
    return CodeBlock.of(".$L($S, new $T[] {$L})", kind(column), column.name(), type, value);
  }

  private static CodeBlock gatheredColumn(RawColumn column, String values) {
    if (!column.shape().isEmpty()) {
      CodeBlock joined = CodeBlock.of("$T.joined($S, $L)", RawRows.class, column.name(), values);
      return tensors(column, DType.F32, joined);
    }
    return CodeBlock.of(".$L($S, $L)", kind(column), column.name(), values);
  }

  private static String kind(RawColumn column) {
    return column.text() ? "texts" : "numbers";
  }

  private static CodeBlock tensors(RawColumn column, DType dtype, CodeBlock values) {
    String dims = String.join(", ", column.shape().stream().map(String::valueOf).toList());
    return CodeBlock.of(
        ".tensors($S, $T.$L, $L, $L)", column.name(), DType.class, dtype.name(), values, dims);
  }

  private static String gathered(FunctionInput input, String component) {
    return input.java()
        + "Of"
        + Character.toUpperCase(component.charAt(0))
        + component.substring(1);
  }

  private MethodSpec manyRows() {
    FunctionInput first = function.inputs().get(0);
    MethodSpec.Builder method =
        method(function.java() + "All")
            .returns(ParameterizedTypeName.get(ClassName.get(List.class), function.result()));
    CodeBlock.Builder rows = CodeBlock.builder();
    String count = first.java() + (first.form() == Form.RECORD ? ".size()" : ".length");
    rows.add("new $T(count)", RawRows.class);
    CodeBlock.Builder before = CodeBlock.builder().addStatement("int count = $L", count);
    for (FunctionInput input : function.inputs()) {
      method.addParameter(rowsType(input), input.java());
      method.addJavadoc("@param $L rows of: $L\n", input.java(), Docs.row(input, "row-major"));
      if (input.form() == Form.RECORD) {
        before.add(gather(input));
      }
      rows.add("\n    $L", manyRows(input));
    }
    method.addJavadoc("@return the result of each row, in order: $L\n", Docs.results(function));
    method.addCode(before.build());
    method.addStatement(
        "$T results = $L.predict($L.batch())",
        RESULTS,
        TypedClass.predictor(function),
        rows.build());
    return method
        .addStatement(
            "$T list = new $T<>(count)",
            ParameterizedTypeName.get(ClassName.get(List.class), function.result()),
            ArrayList.class)
        .beginControlFlow("for (int row = 0; row < count; row++)")
        .addStatement("list.add($L(results, row))", result.readerName())
        .endControlFlow()
        .addStatement("return list")
        .build();
  }

  private TypeName rowsType(FunctionInput input) {
    return input.form() == Form.RECORD
        ? ParameterizedTypeName.get(ClassName.get(List.class), rowType(input))
        : JavaElement.nested(rowType(input), 1);
  }

  private CodeBlock manyRows(FunctionInput input) {
    return switch (input.form()) {
      case SCALAR -> CodeBlock.of(".scalars($S, $L)", input.spec().name(), input.java());
      case ARRAY ->
          array(
              input,
              CodeBlock.of(
                  "($T) $T.joined($S, $L)",
                  rowType(input),
                  RawRows.class,
                  input.java(),
                  input.java()));
      case RECORD -> record(input, CodeBlock.of("$L", input.java()), true);
    };
  }

  /** Declares an array for each column and fills them in one loop over the rows. */
  private CodeBlock gather(FunctionInput input) {
    InputRecord record = records.get(input.spec().name());
    CodeBlock.Builder code = CodeBlock.builder();
    for (int i = 0; i < record.components().size(); i++) {
      RawColumn column = input.columns().get(i);
      String array = gathered(input, record.components().get(i));
      String length = column.shape().isEmpty() ? "[count]" : "[count][]";
      TypeName element = column.shape().isEmpty() ? InputRecord.component(column) : TypeName.FLOAT;
      TypeName type = JavaElement.nested(InputRecord.component(column), 1);
      code.addStatement("$T $L = new $T$L", type, array, element, length);
    }
    code.beginControlFlow("for (int row = 0; row < count; row++)");
    code.addStatement("$T each = $L.get(row)", record.name(), input.java());
    for (String component : record.components()) {
      code.addStatement("$L[row] = each.$L()", gathered(input, component), component);
    }
    return code.endControlFlow().build();
  }
}
