package org.modelc.testkit.ptx;

import java.util.Map;

/**
 * Where the elements that a lane holds stand in the matrices. Source: PTX ISA, "Matrix Fragments
 * for mma.m16n8k8", ".m16n8k16", ".m16n8k32", ".m8n8k16": row and column by the lane's group (lane
 * / 4), its place in the group (lane % 4) and the element's number.
 */
record Fragments(
    int rows, int depth, int leftCount, int rightCount, int sumCount, Layouts layouts) {
  static final int COLUMNS = 8;

  /** An element's place, {@code row * 64 + column}. */
  private interface Layout {
    int place(int group, int place, int element);
  }

  private record Layouts(Layout left, Layout right, Layout sum) {}

  private static int at(int row, int column) {
    return row << 6 | column;
  }

  static int row(int place) {
    return place >> 6;
  }

  static int column(int place) {
    return place & 63;
  }

  private static final Layout SUM_16 =
      (group, place, i) -> at(i < 2 ? group : group + 8, 2 * place + (i & 1));
  private static final Layout SUM_8 = (group, place, i) -> at(group, 2 * place + i);

  private static final Map<String, Fragments> BY_SHAPE =
      Map.of(
          "m16n8k8 tf32",
          new Fragments(
              16,
              8,
              4,
              2,
              4,
              new Layouts(
                  (group, place, i) ->
                      at((i & 1) == 0 ? group : group + 8, i < 2 ? place : place + 4),
                  (group, place, i) -> at(i == 0 ? place : place + 4, group),
                  SUM_16)),
          "m16n8k8 f16",
          new Fragments(
              16,
              8,
              4,
              2,
              4,
              new Layouts(
                  (group, place, i) -> at(i < 2 ? group : group + 8, 2 * place + (i & 1)),
                  (group, place, i) -> at(2 * place + i, group),
                  SUM_16)),
          "m16n8k16 f16",
          new Fragments(
              16,
              16,
              8,
              4,
              4,
              new Layouts(
                  (group, place, i) ->
                      at(
                          i < 2 || i >= 4 && i < 6 ? group : group + 8,
                          2 * place + (i & 1) + (i >= 4 ? 8 : 0)),
                  (group, place, i) -> at(2 * place + (i & 1) + (i >= 2 ? 8 : 0), group),
                  SUM_16)),
          "m16n8k16 s8",
          new Fragments(
              16,
              16,
              8,
              4,
              4,
              new Layouts(
                  (group, place, i) -> at(i < 4 ? group : group + 8, 4 * place + (i & 3)),
                  (group, place, i) -> at(4 * place + i, group),
                  SUM_16)),
          "m16n8k32 s8",
          new Fragments(
              16,
              32,
              16,
              8,
              4,
              new Layouts(
                  (group, place, i) ->
                      at(
                          i < 4 || i >= 8 && i < 12 ? group : group + 8,
                          4 * place + (i & 3) + (i >= 8 ? 16 : 0)),
                  (group, place, i) -> at(4 * place + (i & 3) + (i >= 4 ? 16 : 0), group),
                  SUM_16)),
          "m8n8k16 s8",
          new Fragments(
              8,
              16,
              4,
              4,
              2,
              new Layouts(
                  (group, place, i) -> at(group, 4 * place + i),
                  (group, place, i) -> at(4 * place + i, group),
                  SUM_8)));

  /** The layouts of a shape and the kind of its factors, or null. */
  static Fragments of(String shape, String kind) {
    return BY_SHAPE.get(shape + " " + kind);
  }

  int left(int lane, int element) {
    return layouts.left.place(lane >> 2, lane & 3, element);
  }

  int right(int lane, int element) {
    return layouts.right.place(lane >> 2, lane & 3, element);
  }

  int sum(int lane, int element) {
    return layouts.sum.place(lane >> 2, lane & 3, element);
  }
}
