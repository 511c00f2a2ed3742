package org.modelc.runtime.train;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.NearestName;
import org.modelc.runtime.data.RandomBits;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi;
import org.modelc.runtime.spec.RecipeSpec.AugmentationSpec;

/** The augmentations by name, and those of one recipe bound to the training program's inputs. */
public final class Augmentations {
  private static final List<Augmentation> ALL =
      List.of(RandomChange.NOISE, RandomChange.HORIZONTAL_FLIP, RandomChange.SHIFT);

  private final List<Bound> bound = new ArrayList<>();
  private final long seed;

  private record Bound(
      Augmentation augmentation, int input, List<Integer> shape, Map<String, Double> settings) {}

  Augmentations(List<AugmentationSpec> specs, ProgramAbi train, List<String> inputs, long seed) {
    this.seed = seed;
    for (AugmentationSpec spec : specs) {
      bound.add(bind(spec, train, inputs));
    }
  }

  /** All augmentations, in the order of their names. */
  public static List<Augmentation> all() {
    return ALL;
  }

  /**
   * The augmentation with a name.
   *
   * @throws TrainingException with the nearest name, if there is none
   */
  public static Augmentation of(String name) {
    List<String> names = new ArrayList<>();
    for (Augmentation augmentation : ALL) {
      if (augmentation.name().equals(name)) {
        return augmentation;
      }
      names.add(augmentation.name());
    }
    throw new TrainingException("no augmentation `" + name + "`", NearestName.hint(name, names));
  }

  private static Bound bind(AugmentationSpec spec, ProgramAbi train, List<String> inputs) {
    Augmentation augmentation = of(spec.kind());
    int position = inputs.indexOf(spec.input());
    if (position < 0) {
      throw new TrainingException(
          spec.kind() + " changes `" + spec.input() + "`, which is no input of the loss",
          NearestName.hint(spec.input(), inputs));
    }
    Map<String, Double> settings = new HashMap<>(augmentation.defaults());
    for (Map.Entry<String, Double> option : spec.options().entrySet()) {
      if (settings.put(option.getKey(), option.getValue()) == null) {
        throw new TrainingException(
            spec.kind() + " has no setting `" + option.getKey() + "`",
            NearestName.hint(option.getKey(), augmentation.defaults().keySet()));
      }
    }
    List<Integer> shape = rowShape(train, spec.input());
    if (!augmentation.takes(shape)) {
      throw new TrainingException(
          spec.kind() + " cannot change `" + spec.input() + "`, whose rows are " + shape,
          "it takes images [H, W] or [C, H, W]");
    }
    return new Bound(augmentation, position, shape, settings);
  }

  private static List<Integer> rowShape(ProgramAbi train, String input) {
    List<Integer> shape = new ArrayList<>();
    for (ProgramAbi.Buffer buffer : train.buffers()) {
      if (buffer.role() == ProgramAbi.Role.INPUT && buffer.name().equals(input)) {
        for (Dim dim : buffer.shape().subList(1, buffer.shape().size())) {
          shape.add(dim.intValue());
        }
      }
    }
    return shape;
  }

  boolean isEmpty() {
    return bound.isEmpty();
  }

  /**
   * Changes a batch in place; what happens to a row depends on seed, epoch and row number alone.
   */
  void apply(Object[] arrays, int[] rows, int epoch) {
    for (int i = 0; i < bound.size(); i++) {
      Bound each = bound.get(i);
      long stream = RandomBits.of(seed + 1 + i, epoch).nextLong();
      int size = 1;
      for (int dim : each.shape) {
        size *= dim;
      }
      for (int row = 0; row < rows.length; row++) {
        RandomBits random = RandomBits.of(stream, rows[row]);
        float[] values = (float[]) arrays[each.input];
        each.augmentation.apply(values, row * size, each.shape, each.settings, random);
      }
    }
  }
}
