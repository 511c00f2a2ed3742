package org.modelc.passes;

import org.modelc.ir.graph.Graph;

/** A pass from graph to graph. */
public interface GraphPass extends Pass {
  /** The new graph; the same object if there was nothing to do. */
  Graph run(Graph graph, Target target);
}
