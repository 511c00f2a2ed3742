package org.modelc.ir.ops;

import java.util.ArrayList;
import java.util.List;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.OpKernel;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * What attention is computed of: {@code q: [batch…, queries, heads·size]}, {@code k: [batch…, keys,
 * heads·size]}, {@code v: [batch…, keys, heads·valueSize]}.
 *
 * @param batch the leading axes
 * @param size elements of a head of q and k
 * @param valueSize elements of a head of v
 * @param scale factor of the products
 * @param mask true where a query may see a key, {@code [batch…, queries, keys]} with axes of size 1
 *     for those along which it is the same; null for none
 */
public record AttentionShape(
    Buffer q,
    Buffer k,
    Buffer v,
    Buffer mask,
    List<Dim> batch,
    Dim queries,
    Dim keys,
    long heads,
    long size,
    long valueSize,
    double scale,
    boolean causal) {
  /**
   * The shape of a kernel's attention.
   *
   * @param operands q, k, v and perhaps a mask
   */
  public static AttentionShape of(OpKernel kernel, List<Buffer> operands) {
    ScaledDotProductAttention.Attributes attributes =
        (ScaledDotProductAttention.Attributes) kernel.attributes();
    Buffer q = operands.get(0);
    int rank = q.rank();
    long heads = attributes.heads();
    long size = q.shape().get(rank - 1).value() / heads;
    return new AttentionShape(
        q,
        operands.get(1),
        operands.get(2),
        operands.size() > 3 ? operands.get(3) : null,
        q.shape().subList(0, rank - 2),
        q.shape().get(rank - 2),
        operands.get(1).shape().get(rank - 2),
        heads,
        size,
        operands.get(2).shape().get(rank - 1).value() / heads,
        attributes.scale() == 0 ? 1 / Math.sqrt((double) size) : attributes.scale(),
        attributes.causal());
  }

  /** The type of q, k, v and the result. */
  public DType dtype() {
    return q.dtype();
  }

  /** The number of batches. */
  public Dim batches() {
    return Dim.product(batch);
  }

  /** Multiply-adds of the two products. */
  public Dim work() {
    return batches().times(queries).times(keys).times(Dim.constant(heads * (size + valueSize)));
  }

  /** Whether each query sees a key for sure. */
  public boolean seesAlways() {
    Dim earlier = keys.minus(queries);
    return mask == null && (!causal || (earlier.isStatic() && earlier.value() >= 0));
  }

  /** The mask's shape with as many axes as the scores have without that of the heads. */
  public List<Dim> maskShape() {
    List<Dim> shape = new ArrayList<>(mask.shape());
    while (shape.size() < batch.size() + 2) {
      shape.add(0, Dim.ONE);
    }
    return shape;
  }
}
