package org.modelc.passes;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphRewriter;
import org.modelc.ir.graph.Node;
import org.modelc.ir.graph.Value;
import org.modelc.ir.ops.PlacedMaxPool;
import org.modelc.ir.ops.PlacedMaxPoolGradient;

/**
 * Max pools whose gradient is taken tell where the largest elements are, so that the gradient reads
 * these places and not what was pooled: in f32 a thirteenth of the memory for windows of 2 × 2.
 * Only where windows lie side by side.
 */
public final class PlacedPools implements GraphPass {
  @Override
  public String name() {
    return "placed-pools";
  }

  @Override
  public Set<Stage> requires() {
    return Set.of(Stage.COMPOSITES_EXPANDED);
  }

  @Override
  public Graph run(Graph graph, Target target) {
    Set<List<Object>> pools = new HashSet<>();
    for (Node node : graph.nodes()) {
      if (node.op().name().equals("max_pool_gradient") && fits(node)) {
        pools.add(pool(node));
      }
    }
    if (pools.isEmpty()) {
      return graph;
    }
    return GraphRewriter.rewrite(
        graph,
        (node, operands, builder) -> {
          boolean isPool = node.op().name().equals("max_pool");
          boolean isGradient = node.op().name().equals("max_pool_gradient");
          if (!(isPool || isGradient) || !pools.contains(pool(node))) {
            return null;
          }
          List<Value> placed = PlacedMaxPool.of(builder, operands.get(0), node.attributes());
          return List.of(
              isPool
                  ? placed.get(0)
                  : PlacedMaxPoolGradient.of(
                      builder, placed.get(1), operands.get(1), node.attributes()));
        });
  }

  private static boolean fits(Node node) {
    return PlacedMaxPool.fits(node.operands().get(0).tensor(), node.attributes());
  }

  /** What is pooled, and how. */
  private static List<Object> pool(Node node) {
    return List.of(node.operands().get(0), node.attributes());
  }
}
