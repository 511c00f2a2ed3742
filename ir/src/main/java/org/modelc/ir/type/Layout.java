package org.modelc.ir.type;

import java.util.List;

/**
 * How elements lie in memory: an order of axes, and axes split into blocks that lie innermost.
 *
 * <p>{@code ROW_MAJOR} is written by leaving the layout out; {@code {1,0}} is column-major; {@code
 * {0,1}/1x16} stores axis 1 in blocks of 16.
 *
 * @param order the axes from outermost to innermost; empty for row-major of any rank
 * @param blocks inner blocks in order
 */
public record Layout(List<Integer> order, List<Block> blocks) {
  public static final Layout ROW_MAJOR = new Layout(List.of(), List.of());

  public Layout {
    order = List.copyOf(order);
    blocks = List.copyOf(blocks);
  }

  /** A block of {@code size} elements of {@code axis}, stored together; the last one is padded. */
  public record Block(int axis, int size) {}

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("{");
    for (int i = 0; i < order.size(); i++) {
      text.append(i == 0 ? "" : ",").append(order.get(i));
    }
    text.append('}');
    for (Block block : blocks) {
      text.append('/').append(block.axis()).append('x').append(block.size());
    }
    return text.toString();
  }
}
