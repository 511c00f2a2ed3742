package org.modelc.passes.compress;

import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.GraphRewriter;
import org.modelc.ir.graph.Node;
import org.modelc.ir.graph.Value;
import org.modelc.ir.ops.Matmul;
import org.modelc.ir.type.TensorType;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi.Role;

/** Rewrites {@code x @ W} as {@code (x @ U) @ V}, where W is a parameter and U and V replace it. */
public final class FactorProducts {
  private final Map<String, Integer> ranks;
  private final Map<Value, Value> right = new IdentityHashMap<>();
  private final GraphBuilder builder;

  private FactorProducts(String name, Map<String, Integer> ranks) {
    this.ranks = ranks;
    this.builder = new GraphBuilder(name);
  }

  /**
   * The program over factors.
   *
   * @param ranks of the factors by parameter; each one is among those that {@link #possible} gives
   */
  public static Graph of(Graph program, Map<String, Integer> ranks) {
    return new FactorProducts(program.name(), ranks).rewrite(program);
  }

  /** The name of the first factor; patterns that name the layer name it too. */
  public static String leftOf(String parameter) {
    return parameter + ".left";
  }

  /** The name of the second factor. */
  public static String rightOf(String parameter) {
    return parameter + ".right";
  }

  /** The matrices that programs read as the right operand of a product and nowhere else. */
  public static Set<String> possible(List<Graph> programs) {
    Set<String> possible = new LinkedHashSet<>();
    for (WeightSite site : WeightSite.of(programs).values()) {
      boolean matrix = site.type().rank() == 2 && site.axis() == 1;
      if (matrix && programs.stream().allMatch(each -> onlyMultiplies(each, site.parameter()))) {
        possible.add(site.parameter());
      }
    }
    return possible;
  }

  private static boolean onlyMultiplies(Graph program, String parameter) {
    Graph.Input input = program.input(parameter);
    return input == null
        || program.outputs().stream().noneMatch(each -> each.value() == input.value())
            && program.nodes().stream().allMatch(node -> multipliesOnly(node, input.value()));
  }

  private static boolean multipliesOnly(Node node, Value weight) {
    boolean reads = node.operands().contains(weight);
    boolean product = node.op() instanceof Matmul && node.operand(0) != weight;
    return !reads || product;
  }

  private Graph rewrite(Graph program) {
    GraphRewriter rewriter = new GraphRewriter(builder, this::product);
    for (Graph.Input input : program.inputs()) {
      Integer rank = input.role() == Role.PARAMETER ? ranks.get(input.name()) : null;
      if (rank == null) {
        rewriter.input(input);
      } else {
        builder.at(input.value().origin());
        rewriter.map(input.value(), declare(input, Dim.constant(rank)));
      }
    }
    program.nodes().forEach(rewriter::node);
    rewriter.ends(program);
    return builder.build();
  }

  /** Declares both factors and gives the first, which stands for the matrix. */
  private Value declare(Graph.Input input, Dim rank) {
    TensorType type = input.value().tensor();
    TensorType first = type.withShape(List.of(type.dim(0), rank));
    TensorType second = type.withShape(List.of(rank, type.dim(1)));
    Value left = builder.input(leftOf(input.name()), Role.PARAMETER, first);
    right.put(input.value(), builder.input(rightOf(input.name()), Role.PARAMETER, second));
    return left;
  }

  private List<Value> product(Node node, List<Value> operands, GraphBuilder into) {
    Value second = node.op() instanceof Matmul ? right.get(node.operand(1)) : null;
    return second == null
        ? null
        : List.of(Matmul.of(into, into.copy(node, operands).get(0), second));
  }
}
