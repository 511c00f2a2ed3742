package org.modelc.runtime.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.modelc.runtime.spec.DataSpec.SplitSpec;

/**
 * Divides rows into training, validation and test rows, or into folds. Same rows, same seed, same
 * division, on every JDK. The rows of each part are in ascending order.
 */
public final class Splitter {
  private Splitter() {}

  /** Row numbers of the three parts; empty for a part whose share is 0. */
  public record Parts(int[] train, int[] validation, int[] test) {}

  /**
   * Divides a dataset as a spec says.
   *
   * @throws DataException if there are no rows, the shares are no shares, a wanted part gets no
   *     rows, or the column to stratify by is unknown or a tensor
   */
  public static Parts split(Dataset data, SplitSpec spec) {
    checkShares(spec);
    requireRows(data);
    Parts parts = partsOf(data, spec);
    requirePart("training", parts.train, spec.train(), data.size());
    requirePart("validation", parts.validation, spec.validation(), data.size());
    requirePart("test", parts.test, spec.test(), data.size());
    return parts;
  }

  private static Parts partsOf(Dataset data, SplitSpec spec) {
    int[] rows = Dataset.range(0, data.size());
    return switch (spec.kind()) {
      case "ordered" -> cut(rows, spec);
      case "random" -> {
        new RandomBits(spec.seed()).shuffle(rows);
        yield cut(rows, spec);
      }
      case "stratified" -> stratified(classes(data, spec.by()), spec);
      default ->
          throw new DataException(
              "no split `" + spec.kind() + "`", "there are: ordered, random, stratified");
    };
  }

  /**
   * Rows in k parts of equal size (±1) in random order.
   *
   * @throws DataException if there are fewer rows than folds, or fewer than 2 folds
   */
  public static List<int[]> folds(int rows, int folds, long seed) {
    int[] order = Dataset.range(0, rows);
    new RandomBits(seed).shuffle(order);
    return deal(order, folds);
  }

  /**
   * Folds in which each class has the same number of rows (±1).
   *
   * @param by the column of the classes
   */
  public static List<int[]> stratifiedFolds(Dataset data, String by, int folds, long seed) {
    int[] order = new int[data.size()];
    int at = 0;
    RandomBits random = new RandomBits(seed);
    for (int[] rows : classes(data, by).values()) {
      random.shuffle(rows);
      System.arraycopy(rows, 0, order, at, rows.length);
      at += rows.length;
    }
    return deal(order, folds);
  }

  /** The rows of all folds but one, ascending. */
  public static int[] allBut(List<int[]> folds, int excluded) {
    List<int[]> kept = new ArrayList<>(folds);
    kept.remove(excluded);
    int size = 0;
    for (int[] fold : kept) {
      size += fold.length;
    }
    int[] rows = new int[size];
    int at = 0;
    for (int[] fold : kept) {
      System.arraycopy(fold, 0, rows, at, fold.length);
      at += fold.length;
    }
    Arrays.sort(rows);
    return rows;
  }

  private static List<int[]> deal(int[] order, int folds) {
    if (folds < 2 || order.length < folds) {
      throw new DataException(
          folds + " folds of " + order.length + " rows",
          "take at least 2 folds and at most as many as rows");
    }
    List<int[]> dealt = new ArrayList<>();
    for (int fold = 0; fold < folds; fold++) {
      int[] rows = new int[(order.length - fold + folds - 1) / folds];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = order[fold + i * folds];
      }
      Arrays.sort(rows);
      dealt.add(rows);
    }
    return dealt;
  }

  private static Parts cut(int[] rows, SplitSpec spec) {
    int first = (int) Math.round(rows.length * spec.train());
    int second = (int) Math.round(rows.length * (spec.train() + spec.validation()));
    int third = (int) Math.round(rows.length * (spec.train() + spec.validation() + spec.test()));
    return new Parts(
        sorted(rows, 0, first), sorted(rows, first, second), sorted(rows, second, third));
  }

  private static int[] sorted(int[] rows, int from, int to) {
    int[] part = Arrays.copyOfRange(rows, from, Math.min(to, rows.length));
    Arrays.sort(part);
    return part;
  }

  /**
   * Takes shares of each class. What a class is due and cannot get in whole rows is carried over to
   * the next one, so that the parts' sizes are right too; a class's first row goes to training.
   */
  private static Parts stratified(Map<String, int[]> classes, SplitSpec spec) {
    RandomBits random = new RandomBits(spec.seed());
    RowList train = new RowList();
    RowList validation = new RowList();
    RowList test = new RowList();
    int seen = 0;
    for (int[] rows : classes.values()) {
      random.shuffle(rows);
      seen += rows.length;
      int first = due(seen, spec.train(), train.size(), rows.length, 1);
      int second = due(seen, spec.validation(), validation.size(), rows.length - first, 0);
      int third = due(seen, spec.test(), test.size(), rows.length - first - second, 0);
      int left = leavesNone(spec) ? rows.length - first - second - third : 0;
      first += spec.validation() + spec.test() == 0 ? left : 0;
      second += spec.validation() > 0 && spec.test() == 0 ? left : 0;
      third += spec.test() > 0 ? left : 0;
      train.add(rows, 0, first);
      validation.add(rows, first, first + second);
      test.add(rows, first + second, first + second + third);
    }
    return new Parts(train.sorted(), validation.sorted(), test.sorted());
  }

  /** Whether the shares are a whole, so that each row has a part to go to. */
  private static boolean leavesNone(SplitSpec spec) {
    return spec.train() + spec.validation() + spec.test() > 1 - 1e-9;
  }

  private static int due(int seen, double share, int taken, int left, int least) {
    int wanted = (int) Math.round(seen * share) - taken;
    return Math.min(left, Math.max(share > 0 ? least : 0, wanted));
  }

  /** The rows of each class, classes in text order; a missing value is a class of its own. */
  static Map<String, int[]> classes(Dataset data, String by) {
    String[] labels = ClassLabels.of(data, by);
    Map<String, RowList> lists = new TreeMap<>();
    for (int row = 0; row < labels.length; row++) {
      String label = labels[row] == null ? "" : labels[row];
      RowList list = lists.get(label);
      if (list == null) {
        list = new RowList();
        lists.put(label, list);
      }
      list.add(row);
    }
    Map<String, int[]> classes = new TreeMap<>();
    for (Map.Entry<String, RowList> entry : lists.entrySet()) {
      classes.put(entry.getKey(), entry.getValue().sorted());
    }
    return classes;
  }

  private static void checkShares(SplitSpec spec) {
    double sum = spec.train() + spec.validation() + spec.test();
    boolean valid = spec.train() > 0 && spec.validation() >= 0 && spec.test() >= 0;
    if (!valid || !(sum <= 1 + 1e-9)) {
      throw new DataException(
          "shares "
              + spec.train()
              + " / "
              + spec.validation()
              + " / "
              + spec.test()
              + " are no division of the rows",
          "shares of training, validation and test are at most 1 in sum, training above 0");
    }
  }

  private static void requireRows(Dataset data) {
    if (data.size() == 0) {
      throw new DataException("the data has no rows", "check the path and the row filters");
    }
  }

  private static void requirePart(String part, int[] rows, double share, int size) {
    if (share > 0 && rows.length == 0) {
      throw new DataException(
          "a share of " + share + " of " + size + " rows leaves no " + part + " rows",
          "give more rows or a larger share");
    }
  }
}
