package org.modelc.dsl.ast;

import org.modelc.ir.diagnostic.SourceSpan;

/** Anything in the tree. */
public interface Node {
  /** Where it stands. */
  SourceSpan span();
}
