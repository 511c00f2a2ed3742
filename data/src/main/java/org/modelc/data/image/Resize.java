package org.modelc.data.image;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.modelc.runtime.NearestName;
import org.modelc.runtime.data.DataException;

/** How a picture of another size is brought into the wanted one. */
public enum Resize {
  /** The whole picture, its proportions kept, black bars on two sides. */
  FIT,
  /** The wanted area filled, proportions kept, what hangs over cut off evenly. */
  COVER,
  /** The whole picture, its proportions changed. */
  STRETCH;

  /**
   * The way with this name.
   *
   * @throws DataException if there is none
   */
  public static Resize of(String name) {
    List<String> names =
        Arrays.stream(values()).map(way -> way.name().toLowerCase(Locale.ROOT)).toList();
    if (!names.contains(name)) {
      throw new DataException("no way to resize `" + name + "`", NearestName.hint(name, names));
    }
    return valueOf(name.toUpperCase(Locale.ROOT));
  }
}
