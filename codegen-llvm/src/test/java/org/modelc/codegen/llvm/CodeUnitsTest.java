package org.modelc.codegen.llvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.modelc.codegen.llvm.CodeUnit.Effort;
import org.modelc.codegen.llvm.ModuleText.Definition;
import org.modelc.codegen.llvm.ModuleText.Kind;
import org.modelc.codegen.llvm.toolchain.LlvmToolchain;

class CodeUnitsTest {
  private static final String ENDING = "\nattributes #0 = { nounwind }\n";
  private static final List<String> DECLARED = List.of("float @llvm.fabs.f32(float)");

  private static Definition kernel(String name, String body) {
    String text = "; models/some.model:3:4\ndefine internal void @" + name + "(ptr %p0) #0 {\n";
    return new Definition(Kind.KERNEL, name, text + body + "  ret void\n}\n");
  }

  private static String storing(String number) {
    return "  store float " + number + ", ptr %p0\n";
  }

  private static String calling(String... functions) {
    StringBuilder text = new StringBuilder();
    for (String each : functions) {
      text.append("  call void @").append(each).append("(ptr %p0)\n");
    }
    return text.toString();
  }

  private static Definition library(String name, String number) {
    String text = "define internal void @" + name + "(ptr %p0) #0 {\n";
    return new Definition(Kind.LIBRARY, name, text + storing(number) + "  ret void\n}\n");
  }

  private static ModuleText program(String symbol, List<Definition> functions, String... calls) {
    List<Definition> all = new ArrayList<>(functions);
    String text = "define void @" + symbol + "(ptr %p0) #0 {\n" + calling(calls);
    all.add(new Definition(Kind.ENTRY, symbol, text + "  ret void\n}\n"));
    return new ModuleText("; of " + symbol + "\n", all, DECLARED, ENDING);
  }

  private static String all(List<CodeUnit> units) {
    StringBuilder text = new StringBuilder();
    units.forEach(unit -> text.append(unit.text()));
    return text.toString();
  }

  @Test
  void kernelsThatProgramsShareAreCompiledOnceWhateverTheyAreCalled() {
    // The second program's `b` and `c` are the first's `a` and what calls it.
    ModuleText one =
        program("one", List.of(kernel("a", storing("1.0")), kernel("a.tasks", calling("a"))), "a");
    ModuleText two =
        program("two", List.of(kernel("b", storing("1.0")), kernel("c", calling("b"))), "b", "c");
    List<CodeUnit> units = CodeUnits.of(List.of(one, two), ".v3");
    assertThat(units).hasSize(1);
    assertThat(units.get(0).text())
        .containsOnlyOnce("define void @a.v3(")
        .containsOnlyOnce("define void @a.tasks.v3(")
        .doesNotContain("@b", "@c(", "internal", "; ")
        .contains("define void @one(", "define void @two(")
        .endsWith(
            "call void @a.v3(ptr %p0)\n  call void @a.tasks.v3(ptr %p0)\n  ret void\n}\n\n"
                + ENDING);
  }

  @Test
  void kernelsOfOneNameThatDifferStayApart() {
    ModuleText one = program("one", List.of(kernel("a", storing("1.0"))), "a");
    ModuleText two = program("two", List.of(kernel("a", storing("2.0"))), "a");
    String text = all(CodeUnits.of(List.of(one, two), ".v3"));
    assertThat(text)
        .containsOnlyOnce("define void @a.v3(ptr %p0) #0 {\n  store float 1.0")
        .containsOnlyOnce("define void @a.2.v3(ptr %p0) #0 {\n  store float 2.0");
  }

  @Test
  void libraryFunctionsGoToUnitsOfTheirOwn() {
    ModuleText one = program("one", List.of(library("product", "1.0")), "product");
    ModuleText two = program("two", List.of(library("product", "1.0")), "product");
    List<CodeUnit> units = CodeUnits.of(List.of(one, two), ".v2");
    assertThat(units).extracting(CodeUnit::effort).containsExactly(Effort.OFTEN, Effort.OFTEN);
    assertThat(units.get(0).text()).containsOnlyOnce("define void @product.v2(");
    assertThat(units.get(1).text())
        .containsOnlyOnce("declare void @product.v2(ptr %p0) #0\n")
        .doesNotContain("llvm.fabs");
  }

  @Test
  void aLibraryFunctionHasOneText() {
    ModuleText one = program("one", List.of(library("product", "1.0")), "product");
    ModuleText two = program("two", List.of(library("product", "2.0")), "product");
    assertThatThrownBy(() -> CodeUnits.of(List.of(one, two), ".v2"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("product.v2 has two texts");
  }

  @Test
  void longProgramsAreDealtOutToUnitsThatLlvmTakes() {
    List<Definition> functions = new ArrayList<>();
    List<String> calls = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      functions.add(kernel("k" + i, storing(i + ".0").repeat(2_000)));
      calls.add("k" + i);
    }
    ModuleText program = program("long", functions, calls.toArray(String[]::new));
    List<CodeUnit> units = CodeUnits.of(List.of(program), ".v3");
    assertThat(units).hasSize(3);
    LlvmToolchain toolchain = new LlvmToolchain();
    List<byte[]> objects = new ArrayList<>();
    TargetDescription target = NativePlatform.LINUX_X86_64.target(IsaLevel.X86_64_V3);
    units.forEach(unit -> objects.add(toolchain.object(unit, target)));
    // The linker refuses what is not defined, or defined twice.
    assertThat(toolchain.library(objects, NativePlatform.LINUX_X86_64)).isNotEmpty();
  }

  @Test
  void whatRunsOnceIsOneUnit() {
    ModuleText init =
        program("init", List.of(library("fma", "1.0"), kernel("a", storing("2.0"))), "a", "fma");
    CodeUnit unit = CodeUnits.once(init, ".init");
    assertThat(unit.effort()).isEqualTo(Effort.ONCE);
    assertThat(unit.text())
        .contains("define void @fma.init(", "define void @a.init(", "define void @init(")
        .doesNotContain("declare");
  }
}
