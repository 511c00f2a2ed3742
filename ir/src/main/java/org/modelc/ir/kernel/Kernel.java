package org.modelc.ir.kernel;

import java.util.List;
import org.modelc.ir.diagnostic.SourceSpan;

/** One step of a program: all its iterations may run at once; the next kernel sees its stores. */
public sealed interface Kernel permits LoopNest, StatementKernel, OpKernel {
  /** A name for the reader, unique in the program: {@code predict.dense.matmul}. */
  String name();

  /** The source places it comes from. */
  List<SourceSpan> origin();

  /** The buffers it reads, in first-use order. */
  List<Buffer> reads();

  /** The buffers it writes. */
  List<Buffer> writes();

  /** What a visitor does with each kind. */
  interface Visitor<R> {
    R nest(LoopNest kernel);

    R statements(StatementKernel kernel);

    R op(OpKernel kernel);
  }

  /** Calls the visitor's method for this kind. */
  <R> R accept(Visitor<R> visitor);
}
