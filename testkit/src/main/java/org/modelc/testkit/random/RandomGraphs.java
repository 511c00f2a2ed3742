package org.modelc.testkit.random;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.modelc.ir.graph.Node;
import org.modelc.ir.graph.Value;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * Makes random graphs over all ops: small ranks, odd sizes, a dynamic dim B, NaN and infinities in
 * a quarter of them. A seed always makes the same graph, as long as the ops are the same.
 */
public final class RandomGraphs {
  private static final int[] BATCHES = {1, 2, 7, 13};
  private static final int MOST_NODES = 12;

  private RandomGraphs() {}

  /** A graph whose floating values are of one type. */
  public static RandomCase make(long seed, DType dtype) {
    Random random = new Random(seed * 0x9E3779B97F4A7C15L);
    Dim batch = Dim.constant(BATCHES[random.nextInt(BATCHES.length)]);
    Growth growth = new Growth(random, dtype, random.nextInt(4) == 0, Map.of("B", batch));
    growth.input(dtype, List.of(Dim.symbol("B"), Dim.constant(3)));
    for (int i = random.nextInt(3); i > 0; i--) {
      growth.input(dtype, growth.shape(1 + random.nextInt(3)));
    }
    if (random.nextInt(3) == 0) {
      growth.input(random.nextBoolean() ? DType.I32 : DType.BOOL, growth.shape(2));
    }
    RandomRules rules = new RandomRules(growth);
    int wanted = 1 + random.nextInt(MOST_NODES);
    for (int tries = 0; wanted > 0 && tries < 200; tries++) {
      wanted -= rules.grow() ? 1 : 0;
    }
    outputs(growth);
    return new RandomCase(seed, growth.builder.build(), growth.inputs());
  }

  /** Up to three values that nothing kept reads, and one that may have readers. */
  private static void outputs(Growth growth) {
    List<Value> computed = new ArrayList<>();
    List<Value> read = new ArrayList<>();
    for (Node node : growth.builder.nodes()) {
      node.results().stream().filter(growth.pool()::contains).forEach(computed::add);
      read.addAll(node.operands());
    }
    List<Value> unread = new ArrayList<>(computed);
    unread.removeAll(read);
    Collections.shuffle(unread, growth.random);
    List<Value> chosen = new ArrayList<>(unread.subList(0, Math.min(3, unread.size())));
    Value any =
        computed.isEmpty() || growth.random.nextBoolean()
            ? growth.pool().get(growth.random.nextInt(growth.pool().size()))
            : computed.get(growth.random.nextInt(computed.size()));
    if (!chosen.contains(any)) {
      chosen.add(any);
    }
    for (int i = 0; i < chosen.size(); i++) {
      growth.builder.output("y" + i, chosen.get(i));
    }
  }
}
