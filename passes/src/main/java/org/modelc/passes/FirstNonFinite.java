package org.modelc.passes;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.modelc.ir.diagnostic.Diagnostic;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.GraphRewriter;
import org.modelc.ir.graph.Node;
import org.modelc.ir.graph.Value;
import org.modelc.ir.op.MovementOp;
import org.modelc.ir.ops.All;
import org.modelc.ir.ops.Broadcast;
import org.modelc.ir.ops.Concat;
import org.modelc.ir.ops.Constant;
import org.modelc.ir.ops.IsFinite;
import org.modelc.ir.ops.Reshape;
import org.modelc.ir.ops.Select;
import org.modelc.runtime.spec.DType;

/**
 * The checking variant of a program: run on the inputs of a bad step, it tells which value was the
 * first to become NaN or infinite.
 *
 * @param graph takes the inputs of the program it was made of, gives {@code first: i32[]}, the
 *     number of a checked value; their count if all are finite
 * @param checked the checked values in the order in which they are computed, inputs first
 * @param names what to call each of them
 */
public record FirstNonFinite(Graph graph, List<Value> checked, List<String> names) {
  /** Instruments a program, best before any pass has run. */
  public static FirstNonFinite of(Graph program) {
    List<Value> checked = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (Graph.Input input : program.inputs()) {
      if (isFloating(input.value())) {
        checked.add(input.value());
        names.add("input " + input.name());
      }
    }
    Set<Value> infinite = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Node node : program.nodes()) {
      if (carriesInfinity(node, infinite)) {
        infinite.addAll(node.results());
      } else if (!(node.op() instanceof Constant)) {
        node.results().stream()
            .filter(FirstNonFinite::isFloating)
            .forEach(
                result -> {
                  checked.add(result);
                  names.add(name(node, result));
                });
      }
    }
    return new FirstNonFinite(instrumented(program, checked), checked, names);
  }

  private static boolean isFloating(Value value) {
    return value.tensor().dtype().isFloating();
  }

  private static String name(Node node, Value result) {
    return result.hint().isEmpty() ? node.op().name() : result.hint() + ", by " + node.op().name();
  }

  /** Infinite constants, as masks have them, and what only moves or selects them. */
  private static boolean carriesInfinity(Node node, Set<Value> infinite) {
    if (node.attributes() instanceof Constant.Attributes constant) {
      return !java.util.Arrays.stream(constant.data().elements()).allMatch(Double::isFinite);
    }
    boolean moves =
        node.op() instanceof MovementOp<?>
            || node.op() instanceof Broadcast
            || node.op() instanceof Reshape
            || node.op() instanceof Select
            || node.op() instanceof Concat;
    return moves && node.operands().stream().anyMatch(infinite::contains);
  }

  private static Graph instrumented(Graph program, List<Value> checked) {
    GraphBuilder builder = new GraphBuilder(program.name() + ".check");
    GraphRewriter rewriter = new GraphRewriter(builder, GraphRewriter.Rule.KEEP);
    program.inputs().forEach(rewriter::input);
    program.nodes().forEach(rewriter::node);
    Value first = Constant.scalar(builder, DType.I32, checked.size());
    for (int i = checked.size() - 1; i >= 0; i--) {
      Value value = rewriter.value(checked.get(i));
      Value finite = IsFinite.of(builder, value);
      List<Integer> axes = IntStream.range(0, value.tensor().rank()).boxed().toList();
      Value all = axes.isEmpty() ? finite : All.of(builder, finite, axes, false);
      first = Select.of(builder, all, first, Constant.scalar(builder, DType.I32, i));
    }
    builder.output("first", first);
    program.bounds().forEach(builder::bound);
    return builder.build();
  }

  /**
   * Names a value and its place in a few words.
   *
   * @param first the program's answer
   * @return empty if every value is finite
   */
  public String tell(int first) {
    if (first >= checked.size()) {
      return "";
    }
    List<SourceSpan> origin = checked.get(first).origin();
    SourceSpan span = origin.isEmpty() ? SourceSpan.NONE : origin.get(0);
    String place =
        span.isNone()
            ? ""
            : " at " + span.file() + ":" + span.line() + ":" + span.column() + ", " + text(span);
    return "the first value to become NaN or infinite is " + names.get(first) + place;
  }

  private static String text(SourceSpan span) {
    return "`" + span.text().lines().findFirst().orElse("").strip() + "`";
  }

  /**
   * What to tell the user.
   *
   * @param first the program's answer
   * @param step the number of the bad step, counted from 0
   */
  public Diagnostic diagnostic(int first, long step) {
    if (first >= checked.size()) {
      return Diagnostic.of(
          DiagnosticCode.NOT_FINITE, SourceSpan.NONE, "every value of step " + step + " is finite");
    }
    List<SourceSpan> origin = checked.get(first).origin();
    SourceSpan span = origin.isEmpty() ? SourceSpan.NONE : origin.get(0);
    return Diagnostic.of(
            DiagnosticCode.NOT_FINITE,
            span,
            "in step " + step + " this became NaN or infinite first: " + names.get(first))
        .withHint("lower the rate, clip gradients, or keep arguments of log and divisors off zero");
  }
}
