package org.modelc.compiler.typed;

import com.palantir.javapoet.ArrayTypeName;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.Modifier;

/** The record of one row's raw columns of an input, with a builder that names each. */
final class InputRecord {
  private final ClassName name;
  private final FunctionInput input;
  private final List<String> components = new ArrayList<>();

  InputRecord(ClassName name, FunctionInput input) {
    this.name = name;
    this.input = input;
    JavaNames names = new JavaNames();
    input.columns().forEach(column -> components.add(names.variable(column.name())));
  }

  ClassName name() {
    return name;
  }

  /** The component of each column, in the order of the input's columns. */
  List<String> components() {
    return components;
  }

  static TypeName component(RawColumn column) {
    if (column.text()) {
      return ClassName.get(String.class);
    }
    return column.shape().isEmpty() ? TypeName.DOUBLE : ArrayTypeName.of(TypeName.FLOAT);
  }

  /** With the mark of what may be missing. */
  private static TypeName declared(RawColumn column) {
    TypeName type = component(column);
    return column.text() ? JavaElement.nullable(type) : type;
  }

  /** The record type. */
  TypeSpec type() {
    MethodSpec.Builder constructor = MethodSpec.constructorBuilder();
    TypeSpec.Builder type = TypeSpec.recordBuilder(name.simpleName()).addModifiers(Modifier.PUBLIC);
    String doc =
        input.spec().doc().isBlank() ? "" : Docs.escape(input.spec().doc().strip()) + "\n\n";
    type.addJavadoc("$L", doc);
    type.addJavadoc(
        "One row as it comes, before any transform. Missing numbers are NaN, missing texts null.\n\n");
    for (int i = 0; i < components.size(); i++) {
      RawColumn column = input.columns().get(i);
      constructor.addParameter(declared(column), components.get(i));
      type.addJavadoc(
          "@param $L column {@code $L}\n", components.get(i), Docs.escape(column.name()));
    }
    type.recordConstructor(constructor.build());
    type.addMethod(
        MethodSpec.methodBuilder("builder")
            .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
            .addJavadoc("A builder of a row in which nothing is known yet.")
            .returns(name.nestedClass("Builder"))
            .addStatement("return new Builder()")
            .build());
    return type.addType(builder()).build();
  }

  private TypeSpec builder() {
    ClassName builder = name.nestedClass("Builder");
    TypeSpec.Builder type =
        TypeSpec.classBuilder("Builder")
            .addModifiers(Modifier.PUBLIC, Modifier.STATIC, Modifier.FINAL)
            .addJavadoc("Collects a row column by column; what is not set is missing.")
            .addMethod(MethodSpec.constructorBuilder().addModifiers(Modifier.PRIVATE).build());
    for (int i = 0; i < components.size(); i++) {
      TypeName component = component(input.columns().get(i));
      FieldSpec.Builder field = FieldSpec.builder(component, components.get(i), Modifier.PRIVATE);
      if (component.equals(TypeName.DOUBLE)) {
        field.initializer("$T.NaN", Double.class);
      }
      type.addField(field.build());
      type.addMethod(
          MethodSpec.methodBuilder(components.get(i))
              .addModifiers(Modifier.PUBLIC)
              .addJavadoc("Sets column {@code $L}.", Docs.escape(input.columns().get(i).name()))
              .returns(builder)
              .addParameter(declared(input.columns().get(i)), "value")
              .addStatement("this.$L = value", components.get(i))
              .addStatement("return this")
              .build());
    }
    CodeBlock all = components.stream().map(CodeBlock::of).collect(CodeBlock.joining(", "));
    return type.addMethod(
            MethodSpec.methodBuilder("build")
                .addModifiers(Modifier.PUBLIC)
                .addJavadoc("The row.")
                .returns(name)
                .addStatement("return new $T($L)", name, all)
                .build())
        .build();
  }
}
