package org.modelc.data.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.modelc.data.HeldRows;
import org.modelc.data.Readers;
import org.modelc.data.SourceFiles;
import org.modelc.runtime.NearestName;
import org.modelc.runtime.data.DataException;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.spec.DataSpec.SourceSpec;
import org.modelc.runtime.transform.ColumnPattern;
import org.modelc.runtime.transform.Options;

/**
 * {@code folder("pictures", width: 32, height: 32, color: rgb, resize: cover)}: one folder a class,
 * pictures in it. Columns: {@code image} (f32 0 to 255, [channels, height, width]), {@code label}
 * (the folder's name as text) and {@code file} (the path inside the folder).
 *
 * <p>{@code color} is {@code grey} or {@code rgb} (the default); {@code resize} is {@code fit} (the
 * default), {@code cover} or {@code stretch}; {@code size: 32} stands for both sides; {@code
 * unreadable: skip} leaves damaged files out with a warning that lists them, else they are an error
 * that lists them; {@code memory} is how many megabytes of decoded pictures are kept ({@value
 * HeldRows#MEGABYTES}).
 */
public final class FolderSource implements Readers.Reader {
  private static final Set<String> ENDINGS = Set.of("png", "jpg", "jpeg", "gif", "bmp");
  private static final int LISTED = 20;

  @Override
  public List<String> paths() {
    return List.of("path");
  }

  @Override
  public Set<String> options() {
    return Set.of("width", "height", "size", "color", "resize", "unreadable", "memory");
  }

  @Override
  public Dataset open(SourceSpec source, Path base, List<String> warnings) {
    String name = source.paths().get("path");
    if (name == null) {
      throw new DataException("folder has no path", "write folder(\"pictures\", size: 32)");
    }
    Path folder = SourceFiles.folder(base, name);
    List<PictureFile> files = list(folder);
    PictureShape shape = shape(source);
    long memory = HeldRows.most(source.options());
    PictureStore store = new PictureStore(shape, memory);
    List<DataException> broken = store.check(files);
    if (!broken.isEmpty()) {
      files = without(files, broken, source, warnings);
    }
    return new FolderDataset(folder, files, store);
  }

  private static PictureShape shape(SourceSpec source) {
    int size = Options.integer(source.options(), "size", 0);
    int width = Options.integer(source.options(), "width", size);
    int height = Options.integer(source.options(), "height", size);
    if (width == 0 || height == 0) {
      throw new DataException(
          "folder needs the size that pictures are brought to",
          "say size: 32, or width: 64, height: 48");
    }
    String color = Options.text(source.options(), "color", "rgb");
    if (!color.equals("rgb") && !color.equals("grey")) {
      throw new DataException(
          "no color `" + color + "`", NearestName.hint(color, List.of("grey", "rgb")));
    }
    Resize resize = Resize.of(Options.text(source.options(), "resize", "fit"));
    return new PictureShape(color.equals("grey") ? 1 : 3, height, width, resize);
  }

  /** The pictures of every class, classes by name, files by the numbers in their names. */
  private static List<PictureFile> list(Path folder) {
    List<PictureFile> files = new ArrayList<>();
    List<Path> classes = entries(folder).stream().filter(Files::isDirectory).toList();
    for (Path path : classes) {
      for (Path file : entries(path)) {
        if (Files.isRegularFile(file) && ENDINGS.contains(ending(file))) {
          files.add(new PictureFile(file, path.getFileName().toString()));
        }
      }
    }
    if (files.isEmpty()) {
      String what = classes.isEmpty() ? " has no folders in it" : " has no pictures in its folders";
      throw new DataException(folder + what, "each class is a folder with PNG or JPEG files in it");
    }
    return files;
  }

  private static List<Path> entries(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      ColumnPattern.ByNumber order = new ColumnPattern.ByNumber();
      return entries
          .filter(path -> !path.getFileName().toString().startsWith("."))
          .sorted((a, b) -> order.compare(a.getFileName().toString(), b.getFileName().toString()))
          .toList();
    } catch (IOException e) {
      throw SourceFiles.unreadable(folder, e);
    }
  }

  private static String ending(Path file) {
    String name = file.getFileName().toString();
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  private static List<PictureFile> without(
      List<PictureFile> files,
      List<DataException> broken,
      SourceSpec source,
      List<String> warnings) {
    StringBuilder text = new StringBuilder();
    text.append(broken.size()).append(" of ").append(files.size());
    text.append(" pictures cannot be read:");
    for (DataException each : broken.subList(0, Math.min(LISTED, broken.size()))) {
      text.append("\n  ").append(each.getMessage());
    }
    if (broken.size() > LISTED) {
      text.append("\n  … and ").append(broken.size() - LISTED).append(" more");
    }
    boolean skip = Options.text(source.options(), "unreadable", "fail").equals("skip");
    List<PictureFile> readable = files.stream().filter(file -> !file.isBroken()).toList();
    if (!skip || readable.isEmpty()) {
      throw new DataException(text.toString(), "remove or replace them, or say unreadable: skip");
    }
    warnings.add(text.toString());
    return readable;
  }
}
