package org.modelc.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.modelc.ir.diagnostic.DiagnosticException;
import org.modelc.runtime.ModelcException;

class ClassNameRulesTest {
  private static void compile(String name, String packageName) {
    String text =
        "model " + name + "() {\n    export fn f(x: f32[B]) -> (y: f32[B]) = (y: 2 * x)\n}\n";
    ModelSource source = ModelSource.of("named.model", text, Path.of(""));
    Compiler.compile(source, CompileOptions.defaults().withPackage(packageName));
  }

  @ParameterizedTest
  @ValueSource(strings = {"String", "System", "Object", "Override"})
  void namesThatEveryJavaFileSeesAreRefusedAtTheirPlace(String name) {
    assertThatThrownBy(() -> compile(name, "models"))
        .isInstanceOfSatisfying(
            DiagnosticException.class,
            mistake ->
                assertThat(mistake.diagnostics().get(0).span().location())
                    .isEqualTo("named.model:1:7"))
        .hasMessageContaining("model " + name + " would hide java.lang." + name);
  }

  /** Names that the typed class itself needs from elsewhere. */
  @ParameterizedTest
  @ValueSource(
      strings = {"Model", "Session", "List", "Map", "Frame", "Path", "Tensor", "Predictor"})
  void namesOfImportedClassesArePossible(String name) {
    compile(name, "models");
  }

  @Test
  void packagesThatJavaRefusesAreRefused() {
    assertThatThrownBy(() -> compile("Doubling", "java.util"))
        .isInstanceOf(ModelcException.class)
        .hasMessageContaining("package java.util is Java's own");
    assertThatThrownBy(() -> compile("Doubling", "my-models"))
        .isInstanceOf(ModelcException.class)
        .hasMessageContaining("`my-models` is no Java package");
    compile("Doubling", "");
  }
}
