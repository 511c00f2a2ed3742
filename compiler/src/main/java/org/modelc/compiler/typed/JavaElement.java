package org.modelc.compiler.typed;

import com.palantir.javapoet.AnnotationSpec;
import com.palantir.javapoet.ArrayTypeName;
import com.palantir.javapoet.TypeName;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.typed.Nullable;

/** How elements of tensors appear in Java. */
final class JavaElement {
  private JavaElement() {}

  /** The type of one element on its own. */
  static TypeName scalar(DType dtype) {
    return dtype == DType.BOOL ? TypeName.BOOLEAN : stored(dtype);
  }

  /** The type of an array's elements. */
  static TypeName stored(DType dtype) {
    return switch (dtype) {
      case F32 -> TypeName.FLOAT;
      case F64 -> TypeName.DOUBLE;
      case I32 -> TypeName.INT;
      case I64 -> TypeName.LONG;
      case I8, BOOL -> TypeName.BYTE;
      case F16, BF16 -> TypeName.SHORT;
    };
  }

  /** The array that carries a tensor. */
  static TypeName array(DType dtype) {
    return ArrayTypeName.of(stored(dtype));
  }

  /** The type nested so deep. */
  static TypeName nested(TypeName element, int depth) {
    TypeName type = element;
    for (int i = 0; i < depth; i++) {
      type = ArrayTypeName.of(type);
    }
    return type;
  }

  /** A type whose values may be null. */
  static TypeName nullable(TypeName type) {
    return type.annotated(AnnotationSpec.builder(Nullable.class).build());
  }
}
