package org.modelc.compiler.typed;

import com.palantir.javapoet.ArrayTypeName;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import org.modelc.compiler.typed.FunctionInput.Form;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.typed.Batches;

/**
 * Further ways to call a function that works row by row: with a buffer, a picture, a text, a
 * stream. Each leads to the one that takes arrays or records.
 */
final class RowOverloads {
  private final TypedFunction function;
  private final List<TypeName> rowTypes;
  private final boolean pictures;

  /**
   * Prepares.
   *
   * @param rowTypes the type of each input in the method that takes one row
   * @param pictures whether the model's data are pictures
   */
  RowOverloads(TypedFunction function, List<TypeName> rowTypes, boolean pictures) {
    this.function = function;
    this.rowTypes = rowTypes;
    this.pictures = pictures;
  }

  List<MethodSpec> methods() {
    List<MethodSpec> methods = new ArrayList<>();
    if (function.inputs().stream().anyMatch(RowOverloads::isFloatArray)) {
      methods.add(ofBuffers());
    }
    if (takesPicture()) {
      methods.add(ofPicture());
    }
    if (function.inputs().size() == 1) {
      if (isText(function.inputs().get(0))) {
        methods.add(ofText());
      }
      methods.add(ofStream());
    }
    return methods;
  }

  private MethodSpec.Builder method(String name) {
    return MethodSpec.methodBuilder(name)
        .addModifiers(Modifier.PUBLIC)
        .addJavadoc(
            "$L\n\n",
            Docs.text(function.spec().doc(), "The function " + function.spec().name() + "."));
  }

  private static boolean isFloatArray(FunctionInput input) {
    return input.form() == Form.ARRAY && (!input.direct() || input.spec().dtype() == DType.F32);
  }

  private MethodSpec ofBuffers() {
    MethodSpec.Builder method = method(function.java()).returns(function.result());
    List<CodeBlock> arguments = new ArrayList<>();
    for (int i = 0; i < function.inputs().size(); i++) {
      FunctionInput input = function.inputs().get(i);
      if (!isFloatArray(input)) {
        method.addParameter(rowTypes.get(i), input.java());
        arguments.add(CodeBlock.of("$L", input.java()));
        continue;
      }
      String array =
          "array" + Character.toUpperCase(input.java().charAt(0)) + input.java().substring(1);
      method.addParameter(FloatBuffer.class, input.java());
      method.addJavadoc(
          "@param $L $L, from its position to its limit; neither moves\n",
          input.java(),
          Docs.row(input, "row-major"));
      method.addStatement("float[] $L = new float[$L.remaining()]", array, input.java());
      method.addStatement("$L.duplicate().get($L)", input.java(), array);
      arguments.add(CodeBlock.of("$L", array));
    }
    return method
        .addJavadoc("@return $L\n", Docs.results(function))
        .addJavadoc("@throws org.modelc.runtime.ModelcException if a value cannot be used\n")
        .addStatement("return $L($L)", function.java(), CodeBlock.join(arguments, ", "))
        .build();
  }

  /** One picture, of one or three channels, is all that the function takes. */
  boolean takesPicture() {
    if (!pictures || function.inputs().size() != 1) {
      return false;
    }
    FunctionInput input = function.inputs().get(0);
    List<Integer> shape = input.nestedShape();
    return isFloatArray(input)
        && !input.isSpread()
        && shape.size() == 3
        && (shape.get(0) == 1 || shape.get(0) == 3);
  }

  private MethodSpec ofPicture() {
    FunctionInput input = function.inputs().get(0);
    List<Integer> shape = input.nestedShape();
    return method(function.java())
        .returns(function.result())
        .addParameter(PictureMethod.IMAGE, input.java())
        .addJavadoc(
            "@param $L a picture of $L × $L pixels: $L\n",
            input.java(),
            shape.get(2),
            shape.get(1),
            Docs.rowOf(input))
        .addJavadoc("@return $L\n", Docs.results(function))
        .addJavadoc("@throws org.modelc.runtime.ModelcException if it has another size\n")
        .addStatement(
            "return $L($L($L, $L, $L, $L))",
            function.java(),
            PictureMethod.NAME,
            input.java(),
            shape.get(0),
            shape.get(1),
            shape.get(2))
        .build();
  }

  private static boolean isText(FunctionInput input) {
    return input.form() == Form.RECORD
        && input.columns().size() == 1
        && input.columns().get(0).text();
  }

  private MethodSpec ofText() {
    FunctionInput input = function.inputs().get(0);
    return method(function.java())
        .returns(function.result())
        .addParameter(String.class, input.java())
        .addJavadoc(
            "@param $L column {@code $L}: $L\n",
            input.java(),
            Docs.escape(input.columns().get(0).name()),
            Docs.rowOf(input))
        .addJavadoc("@return $L\n", Docs.results(function))
        .addStatement("return $L(new $T($L))", function.java(), rowTypes.get(0), input.java())
        .build();
  }

  private MethodSpec ofStream() {
    FunctionInput input = function.inputs().get(0);
    ClassName stream = ClassName.get(Stream.class);
    TypeName row = rowTypes.get(0).isPrimitive() ? rowTypes.get(0).box() : rowTypes.get(0);
    return method(function.java() + "Each")
        .returns(ParameterizedTypeName.get(stream, function.result()))
        .addParameter(ParameterizedTypeName.get(stream, row), input.java())
        .addJavadoc(
            "@param $L rows of: $L; the first alone, then more and more at once, $L at most, as\n"
                + "    results are asked for\n",
            input.java(),
            Docs.row(input, "row-major"),
            Batches.MOST)
        .addJavadoc("@return the result of each row, in order: $L\n", Docs.results(function))
        .addStatement("return $T.of($L, $L)", Batches.class, input.java(), manyRows(input))
        .build();
  }

  /** A function of a list of rows. */
  private CodeBlock manyRows(FunctionInput input) {
    String all = function.java() + "All";
    TypeName row = rowTypes.get(0);
    return switch (input.form()) {
      case RECORD -> CodeBlock.of("this::$L", all);
      case ARRAY ->
          CodeBlock.of(
              "rows -> $L(rows.toArray(new $T[0][]))", all, ((ArrayTypeName) row).componentType());
      case SCALAR ->
          CodeBlock.builder()
              .add("rows -> {$>\n$T[] values = new $T[rows.size()];\n", row, row)
              .add("for (int row = 0; row < values.length; row++) {\n$>")
              .add("values[row] = rows.get(row);\n$<}\nreturn $L(values);\n$<}", all)
              .build();
    };
  }
}
