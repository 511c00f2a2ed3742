package org.modelc.compiler.typed;

import com.palantir.javapoet.CodeBlock;
import java.util.List;

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
}
