package org.modelc.compiler.typed;

import com.palantir.javapoet.CodeBlock;
import java.util.ArrayList;
import java.util.List;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.TensorSpec;

/** Javadoc from doc comments, which may hold anything. */
final class Docs {
  private Docs() {}

  /** A paragraph; its text cannot end the comment or start a tag. */
  static CodeBlock text(String doc, String otherwise) {
    return CodeBlock.of("$L", escape(doc.isBlank() ? otherwise : doc.strip()));
  }

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("*/", "*&#47;")
        .replace("@", "&#64;")
        .replace("\\", "&#92;");
  }

  /** {@code [1, 28, 28]} as {@code 1 × 28 × 28}. */
  static String shape(List<Integer> shape) {
    return String.join(" × ", shape.stream().map(String::valueOf).toList());
  }

  /** What an input is to who gives one row of it. */
  static CodeBlock row(FunctionInput input, String layout) {
    String doc = input.spec().doc().isBlank() ? "" : escape(input.spec().doc().strip()) + "; ";
    String what =
        switch (input.form()) {
          case SCALAR -> input.spec().dtype().text();
          case ARRAY ->
              (input.direct() ? input.spec().dtype().text() : "raw values")
                  + ", "
                  + shape(shapeOf(input))
                  + ", "
                  + layout;
          case RECORD -> "one row of raw columns";
        };
    return CodeBlock.of("$L, $L", doc + what, rowOf(input));
  }

  private static List<Integer> shapeOf(FunctionInput input) {
    return input.nestedShape().isEmpty() ? List.of(input.width()) : input.nestedShape();
  }

  /** Which tensor of the program a row belongs to, by its named dims. */
  static String rowOf(FunctionInput input) {
    return "a row of {@code " + tensor(input.spec()) + "}";
  }

  /** The tensors of which a result has a row. */
  static String results(TypedFunction function) {
    List<String> rows = new ArrayList<>();
    function.spec().outputs().forEach(each -> rows.add("{@code " + tensor(each) + "}"));
    return "a row of " + String.join(", ", rows);
  }

  /** {@code x: f32[B, 784]}. */
  private static String tensor(TensorSpec tensor) {
    String dims = String.join(", ", tensor.shape().stream().map(Dim::toString).toList());
    return tensor.name() + ": " + tensor.dtype().text() + "[" + dims + "]";
  }
}
