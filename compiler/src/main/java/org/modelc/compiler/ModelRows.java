package org.modelc.compiler;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.modelc.data.Readers;
import org.modelc.dsl.elaborate.ElaboratedFunction;
import org.modelc.dsl.elaborate.ElaboratedModel;
import org.modelc.runtime.data.ClassLabels;
import org.modelc.runtime.data.ColumnType;
import org.modelc.runtime.data.DataPreparation;
import org.modelc.runtime.data.DataSplits;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.spec.DataSpec;
import org.modelc.runtime.spec.FittedTransform;
import org.modelc.runtime.spec.InputSpec;
import org.modelc.runtime.spec.TensorSpec;
import org.modelc.runtime.transform.Transforms;

/**
 * The opened rows of a data block.
 *
 * @param splits the rows, divided
 * @param warnings what was odd about them
 */
public record ModelRows(DataSplits splits, List<String> warnings) {
  public ModelRows {
    warnings = List.copyOf(warnings);
  }

  /**
   * Opens, derives, filters and divides.
   *
   * @throws org.modelc.runtime.data.DataException if a file or the data cannot be used
   */
  static ModelRows open(DataSpec data, ModelSource source) {
    List<String> warnings = new ArrayList<>();
    Map<String, Dataset> opened = Readers.openAll(data, source.folder(), warnings);
    return new ModelRows(DataPreparation.prepare(data, opened), warnings);
  }

  /** Fits the inputs' transforms on training rows, and finds the classes of their text columns. */
  LearnedState learn(List<InputSpec> inputs, List<String> notes) {
    Dataset train = splits.train();
    Map<String, FittedTransform> fitted = new LinkedHashMap<>();
    for (InputSpec input : inputs) {
      fitted.put(input.name(), Transforms.fit(input.transform(), train, notes));
    }
    return new LearnedState(fitted, Map.of());
  }

  /**
   * The learned state with the classes of every text column that a function takes as an index.
   *
   * @return classes in text order, of training rows alone
   */
  LearnedState withLabels(LearnedState state, ElaboratedModel model) {
    Map<String, List<String>> labels = new HashMap<>();
    for (ElaboratedFunction function : model.functions()) {
      for (TensorSpec input : function.inputs()) {
        boolean index = input.dtype().isInteger() && input.shape().size() == 1;
        if (index && !state.fitted().containsKey(input.name()) && isText(input.name())) {
          labels.put(input.name(), classes(input.name()));
        }
      }
    }
    return new LearnedState(state.fitted(), labels);
  }

  private boolean isText(String column) {
    Dataset train = splits.train();
    return train.has(column) && train.column(column).type() == ColumnType.TEXT;
  }

  private List<String> classes(String column) {
    TreeSet<String> classes = new TreeSet<>();
    for (String label : ClassLabels.of(splits.train(), column)) {
      if (label != null) {
        classes.add(label);
      }
    }
    return List.copyOf(classes);
  }
}
