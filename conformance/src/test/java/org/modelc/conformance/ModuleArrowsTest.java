package org.modelc.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The arrows of docs/architecture.md: what each part may depend on, and nothing else. */
class ModuleArrowsTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("org.modelc");

  private static final Map<String, List<String>> ARROWS =
      Map.ofEntries(
          Map.entry("runtime", List.of()),
          Map.entry("ir", List.of("runtime.spec")),
          Map.entry("dsl", List.of("ir", "runtime.spec")),
          Map.entry("passes", List.of("ir", "runtime.spec")),
          // They name the classes that generated code extends and calls.
          Map.entry("codegen.jvm", List.of("ir", "runtime")),
          Map.entry("codegen.llvm", List.of("ir", "runtime")),
          Map.entry("codegen.cuda", List.of("ir", "runtime")),
          Map.entry("data", List.of("runtime")),
          Map.entry(
              "compiler",
              List.of(
                  "ir",
                  "dsl",
                  "passes",
                  "codegen.jvm",
                  "codegen.llvm",
                  "codegen.cuda",
                  "data",
                  "runtime")),
          // A report of our bug carries the reproducer that a failed pass left.
          Map.entry("cli", List.of("ir.diagnostic", "passes", "compiler", "data", "runtime")));

  static List<String> modules() {
    return new ArrayList<>(ARROWS.keySet());
  }

  @ParameterizedTest
  @MethodSource("modules")
  void dependsOnlyDownstream(String module) {
    List<String> allowed = new ArrayList<>(ARROWS.get(module));
    allowed.add(module);
    DescribedPredicate<JavaClass> foreign =
        DescribedPredicate.describe(
            "a modelc class outside " + allowed,
            type -> isOurs(type) && allowed.stream().noneMatch(part -> in(type, part)));
    ArchRuleDefinition.noClasses()
        .that()
        .resideInAPackage("org.modelc." + module + "..")
        .should()
        .dependOnClassesThat(foreign)
        .check(CLASSES);
  }

  @Test
  void runtimeDependsOnTheJdkAlone() {
    DescribedPredicate<JavaClass> foreign =
        DescribedPredicate.describe(
            "a class outside the JDK and the runtime",
            type -> !type.getPackageName().startsWith("java") && !in(type, "runtime"));
    ArchRuleDefinition.noClasses()
        .that()
        .resideInAPackage("org.modelc.runtime..")
        .should()
        .dependOnClassesThat(foreign)
        .check(CLASSES);
  }

  @Test
  void everyModuleHasItsArrows() {
    assertThat(CLASSES)
        .filteredOn(type -> !in(type, "testkit") && !in(type, "benchmarks"))
        .filteredOn(type -> !in(type, "conformance"))
        .allMatch(type -> ARROWS.keySet().stream().anyMatch(module -> in(type, module)));
  }

  private static boolean isOurs(JavaClass type) {
    return type.getPackageName().startsWith("org.modelc");
  }

  private static boolean in(JavaClass type, String part) {
    String name = "org.modelc." + part;
    return type.getPackageName().equals(name) || type.getPackageName().startsWith(name + ".");
  }
}
