package org.modelc.runtime.transform;

import java.util.List;
import org.modelc.runtime.data.ColumnBatch;
import org.modelc.runtime.spec.FittedTransform;

/** One kind of transform: how it learns and how it is applied. Stateless. */
public interface Transform {
  /** The name in specs and in the language. */
  String kind();

  /**
   * Learns from training rows.
   *
   * @throws org.modelc.runtime.data.DataException if the rows or the options cannot be used
   */
  FittedTransform fit(Fitting fitting);

  /**
   * Computes the tensors of some rows.
   *
   * @param inputs what the inputs gave for the same rows
   * @param batch the raw columns; only leaves read them
   */
  Features apply(FittedTransform fitted, List<Features> inputs, ColumnBatch batch);

  /** What the elements of a row are called in messages and reports, given the inputs' names. */
  List<String> names(FittedTransform fitted, List<List<String>> inputs);
}
