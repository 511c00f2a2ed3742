package org.modelc.compiler.compress;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;
import org.modelc.compiler.compress.MixedPrecision.Form;
import org.modelc.compiler.compress.MixedPrecision.Forms;
import org.modelc.dsl.recipe.CompressSpec.QuantizeSpec;
import org.modelc.dsl.recipe.CompressSpec.Type;
import org.modelc.ir.diagnostic.Diagnostic;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.ir.diagnostic.DiagnosticException;
import org.modelc.ir.interpreter.Array;
import org.modelc.passes.compress.Storage;
import org.modelc.runtime.spec.DType;

/** What the weights of a sentence of mixed types may be stored as, and what each of that costs. */
final class MixedChoice {
  private static final List<Type> TYPES = List.of(Type.INT8, Type.INT4);

  private final QuantizeSpec sentence;
  private final Map<String, Array> values;
  private final Map<String, Forms> forms = new LinkedHashMap<>();

  private MixedChoice(QuantizeSpec sentence, Map<String, Array> values) {
    this.sentence = sentence;
    this.values = values;
  }

  /**
   * The type of each weight; those that stay as they are are missing.
   *
   * @param weights of the sentence, by types as they would be stored
   * @param values of all parameters
   * @param costs by how much the loss grows if one weight is stored so
   * @throws DiagnosticException if no choice is within the budget
   */
  static Map<String, Type> of(
      QuantizeSpec sentence,
      Map<String, Map<Type, Storage.Integers>> weights,
      Map<String, Array> values,
      ToDoubleBiFunction<String, Storage.Integers> costs) {
    MixedChoice choice = new MixedChoice(sentence, values);
    long budget = choice.budget(weights);
    weights.forEach(
        (name, storages) ->
            choice.add(name, storages, storage -> costs.applyAsDouble(name, storage)));
    return MixedPrecision.choose(choice.forms, budget);
  }

  /**
   * Finds a budget that is too small before anything is measured.
   *
   * @throws DiagnosticException if no choice is within the budget
   */
  static void check(
      QuantizeSpec sentence,
      Map<String, Map<Type, Storage.Integers>> weights,
      Map<String, Array> values) {
    new MixedChoice(sentence, values).budget(weights);
  }

  private long budget(Map<String, Map<Type, Storage.Integers>> weights) {
    weights.forEach((name, storages) -> add(name, storages, storage -> 0));
    long plain = MixedPrecision.plain(forms);
    long least = MixedPrecision.least(forms);
    long budget = (long) Math.floor(sentence.budget() * plain);
    if (least > budget) {
      throw new DiagnosticException(
          Diagnostic.of(
                  DiagnosticCode.BAD_SETTING,
                  sentence.span(),
                  String.format(
                      Locale.ROOT,
                      "in four bits these weights still take %.1f %% of their bytes",
                      100.0 * least / plain))
              .withHint("allow so many, or leave out small weights with `over`"));
    }
    return budget;
  }

  private void add(
      String name,
      Map<Type, Storage.Integers> storages,
      java.util.function.ToDoubleFunction<Storage.Integers> cost) {
    Array value = values.get(name);
    Map<Type, Form> stored = new EnumMap<>(Type.class);
    for (Type type : TYPES) {
      Storage.Integers storage = storages.get(type);
      stored.put(type, new Form(bytes(value.shape(), storage), cost.applyAsDouble(storage)));
    }
    long plain = (long) value.size() * value.dtype().bytes();
    forms.put(name, new Forms(new Form(plain, 0), stored));
  }

  /** Of integers and scales; four bits share bytes along one axis. */
  private static long bytes(int[] shape, Storage.Integers storage) {
    int[] packed = shape.clone();
    if (storage.bits() == 4) {
      packed[storage.packed()] = (packed[storage.packed()] + 1) / 2;
    }
    int scales = storage.axis() < 0 ? 1 : shape[storage.axis()];
    return Array.size(packed) + (long) scales * DType.BF16.bytes();
  }
}
