package org.modelc.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CaseTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.OpRegistry;

/** The house rules that a machine can hold; docs/decisions gives their reasons. */
class HouseRulesTest {
  private static final SourceTree.Parsed PARSED = SourceTree.parse(SourceTree.mainSources());
  private static final int MAXIMUM_FILE_LINES = 500;
  private static final int MEDIAN_FILE_LINES = 150;
  private static final int MEDIAN_METHOD_LINES = 8;
  private static final int P95_METHOD_LINES = 40;

  @Test
  void filesAreShort() throws IOException {
    List<String> tooLong = new ArrayList<>();
    List<Integer> lengths = new ArrayList<>();
    for (Path file : SourceTree.mainSources()) {
      int lines = Files.readAllLines(file).size();
      lengths.add(lines);
      if (lines > MAXIMUM_FILE_LINES) {
        tooLong.add(SourceTree.relative(file) + " has " + lines + " lines");
      }
    }
    assertThat(tooLong).isEmpty();
    assertThat(percentile(lengths, 50))
        .as("median file length")
        .isLessThanOrEqualTo(MEDIAN_FILE_LINES);
  }

  @Test
  void textsForOtherCompilersAreShort() throws IOException {
    List<Path> files = SourceTree.foreignSources();
    assertThat(files).isNotEmpty();
    for (Path file : files) {
      assertThat(Files.readAllLines(file)).as(file.toString()).hasSizeLessThan(MAXIMUM_FILE_LINES);
    }
  }

  @Test
  void methodsAreShort() {
    List<Integer> lengths = new ArrayList<>();
    for (CompilationUnitTree unit : PARSED.units()) {
      new MethodLengths(unit, PARSED.positions(), lengths).scan(unit, null);
    }
    assertThat(lengths).hasSizeGreaterThan(500);
    assertThat(percentile(lengths, 50)).as("median").isLessThanOrEqualTo(MEDIAN_METHOD_LINES);
    assertThat(percentile(lengths, 95)).as("95th percentile").isLessThanOrEqualTo(P95_METHOD_LINES);
  }

  private static int percentile(List<Integer> values, int percent) {
    List<Integer> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get((sorted.size() - 1) * percent / 100);
  }

  private static final class MethodLengths extends TreeScanner<Void, Void> {
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final List<Integer> lengths;

    MethodLengths(CompilationUnitTree unit, SourcePositions positions, List<Integer> lengths) {
      this.unit = unit;
      this.positions = positions;
      this.lengths = lengths;
    }

    @Override
    public Void visitMethod(MethodTree method, Void unused) {
      if (method.getBody() != null) {
        lengths.add(lines(method.getBody()));
      }
      return super.visitMethod(method, unused);
    }

    /** The lines between the braces. */
    private int lines(Tree body) {
      LineMap map = unit.getLineMap();
      long first = map.getLineNumber(positions.getStartPosition(unit, body));
      return (int) (map.getLineNumber(positions.getEndPosition(unit, body)) - first - 1);
    }
  }

  @Test
  void switchesOverEnumsNameEveryConstant() {
    List<String> found = new ArrayList<>();
    for (CompilationUnitTree unit : PARSED.units()) {
      new EnumDefaults(unit, found).scan(unit, null);
    }
    assertThat(found).as("switches over enum constants with a default").isEmpty();
  }

  private static final class EnumDefaults extends TreeScanner<Void, Void> {
    private final CompilationUnitTree unit;
    private final List<String> found;

    EnumDefaults(CompilationUnitTree unit, List<String> found) {
      this.unit = unit;
      this.found = found;
    }

    @Override
    public Void visitSwitch(SwitchTree tree, Void unused) {
      check(tree.getCases());
      return super.visitSwitch(tree, unused);
    }

    @Override
    public Void visitSwitchExpression(SwitchExpressionTree tree, Void unused) {
      check(tree.getCases());
      return super.visitSwitchExpression(tree, unused);
    }

    private void check(List<? extends CaseTree> cases) {
      boolean constants = false;
      boolean hasDefault = false;
      for (CaseTree each : cases) {
        hasDefault |= each.getExpressions().isEmpty();
        for (ExpressionTree label : each.getExpressions()) {
          constants |= isConstantName(label);
        }
      }
      if (constants && hasDefault) {
        found.add(unit.getSourceFile().getName());
      }
    }

    private static boolean isConstantName(ExpressionTree label) {
      return label instanceof IdentifierTree name
          && name.getName()
              .toString()
              .equals(name.getName().toString().toUpperCase(java.util.Locale.ROOT));
    }
  }

  @Test
  void classNamesSayWhatTheyAre() {
    assertThat(SourceTree.mainSources())
        .map(file -> file.getFileName().toString())
        .allSatisfy(
            name ->
                assertThat(name)
                    .doesNotMatch(".*(Util|Utils|Helper|Helpers)\\.java")
                    .matches(n -> !n.endsWith("Manager.java") || n.equals("PassManager.java")));
  }

  @Test
  void everyOpHasSamplesFromOutsideAndDocumentation() {
    assertThat(OpRegistry.all()).hasSizeGreaterThan(50);
    List<String> lacking = new ArrayList<>();
    for (OpDef<?> op : OpRegistry.all()) {
      if (op.samples().isEmpty()) {
        lacking.add(op.name() + " has no sample");
      }
      if (op.doc().isBlank()) {
        lacking.add(op.name() + " has no documentation");
      }
      if (op.samples().stream().noneMatch(s -> s.results() != null && !s.source().isBlank())) {
        lacking.add(op.name() + " has no sample with results from an outside source");
      }
    }
    assertThat(lacking).isEmpty();
  }

  @Test
  void opsAndPassesHoldNoState() {
    List<String> mutable = new ArrayList<>();
    OpRegistry.all().forEach(op -> collectMutable(op.getClass(), mutable));
    assertThat(mutable).isEmpty();
  }

  private static void collectMutable(Class<?> type, List<String> mutable) {
    for (Field field : type.getDeclaredFields()) {
      if (!Modifier.isFinal(field.getModifiers())) {
        mutable.add(type.getName() + "." + field.getName());
      }
    }
    if (type.getSuperclass() != null && type.getSuperclass().getName().startsWith("org.modelc")) {
      collectMutable(type.getSuperclass(), mutable);
    }
  }
}
