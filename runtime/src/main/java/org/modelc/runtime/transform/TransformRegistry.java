package org.modelc.runtime.transform;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.modelc.runtime.NearestName;
import org.modelc.runtime.data.DataException;

/**
 * The transforms by kind. A plain list: a service loader would read files on the path of a cold
 * {@code predict}.
 */
public final class TransformRegistry {
  private static final Map<String, Transform> BY_KIND = new TreeMap<>();

  static {
    Transform[] all = {
      new ColumnLeaf(),
      new ColumnsLeaf(),
      new Imputed(),
      new Standardized(),
      new MinMax(),
      new OneHot(),
      new Ordinal(),
      new Clipped(),
      new Concat(),
      new Reshaped(),
      new ElementFunction("scaled"),
      new ElementFunction("shifted"),
      new Normalized(),
      new ElementFunction("log"),
      new ElementFunction("sqrt")
    };
    for (Transform transform : all) {
      BY_KIND.put(transform.kind(), transform);
    }
  }

  private TransformRegistry() {}

  /**
   * The transform of a kind.
   *
   * @throws DataException if there is none
   */
  public static Transform of(String kind) {
    Transform transform = BY_KIND.get(kind);
    if (transform == null) {
      throw new DataException("no transform `" + kind + "`", NearestName.hint(kind, kinds()));
    }
    return transform;
  }

  /** All kinds, sorted. */
  public static List<String> kinds() {
    return new ArrayList<>(BY_KIND.keySet());
  }
}
