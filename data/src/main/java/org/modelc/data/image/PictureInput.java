package org.modelc.data.image;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.data.Column;
import org.modelc.runtime.data.ColumnBatch;
import org.modelc.runtime.data.DataException;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.FittedTransform;
import org.modelc.runtime.spec.FunctionSpec;
import org.modelc.runtime.spec.TensorSpec;
import org.modelc.runtime.transform.Options;
import org.modelc.runtime.transform.Transforms;

/**
 * A picture as the raw columns of a function with one input.
 *
 * <p>An input over a tensor column gets the picture in the column's shape, 0 to 255. An input over
 * number columns, one a pixel ({@code columns("pixel_*") as f32[8, 8] / 16}), gets the picture in
 * the shape it reshapes them to, brought to the range that it divides by.
 */
public final class PictureInput {
  private PictureInput() {}

  /**
   * Reads one picture.
   *
   * @throws DataException if the function takes no picture, or the file is none
   */
  public static ColumnBatch read(
      Path path, FunctionSpec function, Map<String, FittedTransform> fitted) {
    if (function.inputs().size() != 1) {
      throw noPicture(function, "it has " + function.inputs().size() + " inputs");
    }
    TensorSpec input = function.inputs().get(0);
    FittedTransform transform = fitted.get(input.name());
    if (transform == null) {
      return tensor(path, input.name(), withoutRows(input), function);
    }
    List<String> columns = Transforms.columns(transform);
    FittedTransform leaf = leaf(transform);
    if (leaf.kind().equals("column")) {
      return tensor(path, columns.get(0), leaf.shape(), function);
    }
    return pixels(path, columns, pictureShape(transform, columns.size(), function), transform);
  }

  private static List<Integer> withoutRows(TensorSpec input) {
    List<Integer> shape = new ArrayList<>();
    for (Dim dim : input.shape()) {
      if (dim.isStatic()) {
        shape.add(dim.intValue());
      }
    }
    return shape;
  }

  private static ColumnBatch tensor(
      Path path, String name, List<Integer> shape, FunctionSpec function) {
    byte[] bytes = Pictures.decode(path, shape(shape, function));
    float[] values = new float[bytes.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = bytes[i] & 0xff;
    }
    Column column = Column.tensor(name, DType.F32, shape);
    return new ColumnBatch(1, List.of(column), new Object[] {values});
  }

  private static ColumnBatch pixels(
      Path path, List<String> names, PictureShape shape, FittedTransform transform) {
    byte[] bytes = Pictures.decode(path, shape);
    double range = range(transform);
    List<Column> columns = new ArrayList<>();
    Object[] arrays = new Object[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      columns.add(Column.number(names.get(i)));
      arrays[i] = new double[] {(bytes[i] & 0xff) * range / 255};
    }
    return new ColumnBatch(1, columns, arrays);
  }

  /** What the greatest brightness is in the raw columns. */
  private static double range(FittedTransform transform) {
    if (transform.kind().equals("min_max")) {
      return transform.numbers().get("greatest").stream().max(Double::compare).orElse(255.0);
    }
    if (transform.kind().equals("scaled") && transform.options().containsKey("divisor")) {
      return Options.number(transform.options(), "divisor", 255);
    }
    return transform.inputs().isEmpty() ? 255 : range(transform.inputs().get(0));
  }

  private static FittedTransform leaf(FittedTransform transform) {
    return transform.inputs().isEmpty() ? transform : leaf(transform.inputs().get(0));
  }

  /** The shape of the outermost tensor of two or three axes that has an element for each column. */
  private static PictureShape pictureShape(
      FittedTransform transform, int columns, FunctionSpec function) {
    List<Integer> shape = transform.shape();
    int size = shape.stream().reduce(1, Math::multiplyExact);
    if (shape.size() >= 2 && size == columns) {
      return shape(shape, function);
    }
    if (!transform.inputs().isEmpty()) {
      return pictureShape(transform.inputs().get(0), columns, function);
    }
    int side = (int) Math.round(Math.sqrt(columns));
    if (side > 1 && side * side == columns) {
      return new PictureShape(1, side, side, Resize.FIT);
    }
    throw noPicture(function, "its input reads " + columns + " columns");
  }

  private static PictureShape shape(List<Integer> shape, FunctionSpec function) {
    int rank = shape.size();
    int channels = rank == 3 ? shape.get(0) : 1;
    if (rank < 2 || rank > 3 || (channels != 1 && channels != 3)) {
      throw noPicture(function, "its input has the shape " + shape);
    }
    return new PictureShape(channels, shape.get(rank - 2), shape.get(rank - 1), Resize.FIT);
  }

  private static DataException noPicture(FunctionSpec function, String why) {
    return new DataException(
        "function " + function.name() + " takes no picture: " + why,
        "give its columns as .json or .csv");
  }
}
