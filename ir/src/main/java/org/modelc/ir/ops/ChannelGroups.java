package org.modelc.ir.ops;

import java.util.ArrayList;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.runtime.spec.Dim;

/** Reorderings of channel groups for the gradients of {@link Convolution}. */
final class ChannelGroups {
  private ChannelGroups() {}

  /** {@code [groups × out, in, …]} as {@code [groups × in, out, …]}. */
  static Value exchange(GraphBuilder builder, Value kernel, Dim groups, Dim out, Dim in) {
    List<Dim> spatial = spatial(kernel);
    Value grouped = Reshape.of(builder, kernel, join(List.of(groups, out, in), spatial));
    Value exchanged = Transpose.of(builder, grouped, order(List.of(0, 2, 1), spatial.size()));
    return Reshape.of(builder, exchanged, join(List.of(groups.times(in), out), spatial));
  }

  /** {@code [batch, groups × channels, …]} as {@code [channels, groups × batch, …]}. */
  static Value channelsFirst(GraphBuilder builder, Value x, Dim groups, Dim channels) {
    List<Dim> spatial = spatial(x);
    Dim batch = x.tensor().dim(0);
    Value grouped = Reshape.of(builder, x, join(List.of(batch, groups, channels), spatial));
    Value turned = Transpose.of(builder, grouped, order(List.of(2, 1, 0), spatial.size()));
    return Reshape.of(builder, turned, join(List.of(channels, groups.times(batch)), spatial));
  }

  private static List<Dim> spatial(Value x) {
    List<Dim> shape = x.tensor().shape();
    return shape.subList(2, shape.size());
  }

  private static List<Dim> join(List<Dim> leading, List<Dim> spatial) {
    List<Dim> shape = new ArrayList<>(leading);
    shape.addAll(spatial);
    return shape;
  }

  private static List<Integer> order(List<Integer> leading, int spatial) {
    List<Integer> order = new ArrayList<>(leading);
    for (int i = 0; i < spatial; i++) {
      order.add(leading.size() + i);
    }
    return order;
  }
}
