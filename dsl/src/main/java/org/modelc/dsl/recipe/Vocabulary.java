package org.modelc.dsl.recipe;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.OpRegistry;
import org.modelc.ir.op.OptimizerOp;
import org.modelc.ir.op.RecordShape;

/**
 * The words that data blocks, inputs and recipes may use, as the readers, transforms, metrics and
 * optimisers know them. All but the optimisers, which are ops, live in modules that the language
 * does not depend on; a conformance test holds both against each other.
 */
public final class Vocabulary {
  /**
   * What a name takes.
   *
   * @param positional the names of what stands in brackets without a name, in order
   * @param options the settings by name
   */
  public record Entry(List<String> positional, List<String> options) {}

  private static final Map<String, Entry> READERS =
      table(
          "csv",
          List.of("path"),
          List.of("separator", "header", "missing", "text", "memory"),
          "folder",
          List.of("path"),
          List.of("width", "height", "size", "color", "resize", "unreadable", "memory"),
          "idx",
          List.of("images", "labels"),
          List.of("classes", "memory"),
          "jsonl",
          List.of("path"),
          List.of());

  private static final Map<String, Entry> TRANSFORMS =
      table(
          "clipped",
          List.of(),
          List.of("iqr", "z", "low", "high"),
          "imputed",
          List.of(),
          List.of("by", "value", "indicator"),
          "log",
          List.of(),
          List.of(),
          "min_max",
          List.of(),
          List.of("low", "high"),
          "normalized",
          List.of(),
          List.of("mean", "deviation"),
          "one_hot",
          List.of(),
          List.of(),
          "ordinal",
          List.of(),
          List.of(),
          "sqrt",
          List.of(),
          List.of(),
          "standardized",
          List.of(),
          List.of());

  private static final Map<String, Entry> OPTIMISERS = registeredOptimisers();

  private static final Map<String, Entry> SCHEDULES =
      table(
          "constant",
          List.of("rate"),
          List.of("warmup"),
          "cosine",
          List.of("rate"),
          List.of("warmup", "floor"),
          "step",
          List.of("rate"),
          List.of("warmup", "every", "factor"));

  private static final Map<String, Entry> AUGMENTATIONS =
      table(
          "horizontal_flip",
          List.of("probability"),
          List.of(),
          "noise",
          List.of("deviation"),
          List.of(),
          "shift",
          List.of("pixels"),
          List.of());

  private static final Map<String, Entry> METRICS =
      table(
          "accuracy",
          List.of(),
          List.of(),
          "auc",
          List.of(),
          List.of(),
          "f1",
          List.of(),
          List.of("average"),
          "log_loss",
          List.of(),
          List.of(),
          "mae",
          List.of(),
          List.of(),
          "mse",
          List.of(),
          List.of(),
          "pr_auc",
          List.of(),
          List.of(),
          "precision",
          List.of(),
          List.of("average"),
          "r2",
          List.of(),
          List.of(),
          "recall",
          List.of(),
          List.of("average"),
          "rmse",
          List.of(),
          List.of());

  private static final Map<String, Integer> COLUMN_FUNCTIONS =
      new TreeMap<>(
          Map.of("log", 1, "exp", 1, "sqrt", 1, "abs", 1, "min", 2, "max", 2, "category", 1));

  private Vocabulary() {}

  private static Map<String, Entry> table(Object... cells) {
    Map<String, Entry> table = new TreeMap<>();
    for (int i = 0; i < cells.length; i += 3) {
      table.put((String) cells[i], new Entry(texts(cells[i + 1]), texts(cells[i + 2])));
    }
    return table;
  }

  /** Every optimiser op, its attributes being its settings. */
  private static Map<String, Entry> registeredOptimisers() {
    Map<String, Entry> table = new TreeMap<>();
    for (OpDef<?> op : OpRegistry.all()) {
      if (op instanceof OptimizerOp<?>) {
        List<String> settings = RecordShape.of(op.attributesType()).names();
        table.put(op.name(), new Entry(List.of("rate"), settings));
      }
    }
    return table;
  }

  private static List<String> texts(Object list) {
    return ((List<?>) list).stream().map(String.class::cast).toList();
  }

  /** Data formats: paths and options. */
  public static Map<String, Entry> readers() {
    return READERS;
  }

  /** Transforms of inputs; {@code columns}, {@code ++}, {@code as} and arithmetic come besides. */
  public static Map<String, Entry> transforms() {
    return TRANSFORMS;
  }

  /** Optimisers. */
  public static Map<String, Entry> optimisers() {
    return OPTIMISERS;
  }

  /** Learning-rate schedules. */
  public static Map<String, Entry> schedules() {
    return SCHEDULES;
  }

  /** Random changes of training inputs. */
  public static Map<String, Entry> augmentations() {
    return AUGMENTATIONS;
  }

  /** Metrics; a result and a target stand first. */
  public static Map<String, Entry> metrics() {
    return METRICS;
  }

  /** Functions of columns in data blocks, with the number of values they take. */
  public static Map<String, Integer> columnFunctions() {
    return COLUMN_FUNCTIONS;
  }
}
