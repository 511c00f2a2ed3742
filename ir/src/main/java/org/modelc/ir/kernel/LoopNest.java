package org.modelc.ir.kernel;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.runtime.spec.DType;

/**
 * What a kernel computes, unscheduled: for every point of the parallel axes, each reduction joins
 * its body over all points of the reduce axes; then each store writes one element.
 *
 * <p>Bodies load at any index expressions over the axes; fusion and templates read affine forms
 * from them with {@link AffineIndex}. A store's index is over parallel axes alone and hits an
 * element at most once; several nests may share out a buffer's elements. A matmul is {@code
 * parallel i<M j<N; reduce k<K; r0 = sum a[i,k]*b[k,j]; c[i,j] = r0}; a fused bias and relu stand
 * in the store's value.
 *
 * @param name for the reader, unique in the program
 * @param parallel the axes of the result, outermost first
 * @param reduce the axes that are joined; empty for elementwise nests
 * @param reductions the joins; stores refer to them by {@link Expr.Reduced}
 * @param stores what is written
 * @param origin source places
 */
public record LoopNest(
    String name,
    List<Axis> parallel,
    List<Axis> reduce,
    List<Reduction> reductions,
    List<Store> stores,
    List<SourceSpan> origin)
    implements Kernel {
  public LoopNest {
    parallel = List.copyOf(parallel);
    reduce = List.copyOf(reduce);
    reductions = List.copyOf(reductions);
    stores = List.copyOf(stores);
    origin = List.copyOf(origin);
  }

  /**
   * A join over the reduce axes.
   *
   * @param initial the value joined first, over parallel axes
   * @param body what is joined, over all axes
   */
  public record Reduction(Combiner combiner, Expr initial, Expr body) {
    public DType dtype() {
      return body.dtype();
    }
  }

  /** One element written per point of the parallel axes. */
  public record Store(Buffer buffer, List<Expr> index, Expr value) {
    public Store {
      index = List.copyOf(index);
    }

    /** What a load gives of the element: the value, which a store in 16 bits rounds. */
    public Expr loaded() {
      DType stored = buffer.dtype();
      return stored.isHalf() && !value.isStored(stored)
          ? Expr.cast(stored.loaded(), Expr.cast(stored, value))
          : value;
    }
  }

  /** The finished value of a reduction, for a store. */
  public static Expr.Reduced reduced(int reduction, DType dtype) {
    return new Expr.Reduced(reduction, dtype);
  }

  @Override
  public List<Buffer> reads() {
    Set<Buffer> reads = new LinkedHashSet<>();
    for (Reduction reduction : reductions) {
      ExprWalk.loads(reduction.initial(), reads);
      ExprWalk.loads(reduction.body(), reads);
    }
    for (Store store : stores) {
      ExprWalk.loads(store.value(), reads);
    }
    return new ArrayList<>(reads);
  }

  @Override
  public List<Buffer> writes() {
    return stores.stream().map(Store::buffer).distinct().toList();
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.nest(this);
  }

  @Override
  public String toString() {
    return KernelPrinter.print(this);
  }
}
