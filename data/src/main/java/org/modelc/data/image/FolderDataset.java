package org.modelc.data.image;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.modelc.runtime.data.Column;
import org.modelc.runtime.data.ColumnBatch;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.spec.DType;

/** Pictures of a folder by random access; see {@link FolderSource} for the columns. */
final class FolderDataset implements Dataset {
  private final Path folder;
  private final List<PictureFile> files;
  private final PictureStore store;
  private final List<Column> columns;

  FolderDataset(Path folder, List<PictureFile> files, PictureStore store) {
    this.folder = folder;
    this.files = files;
    this.store = store;
    this.columns =
        List.of(
            Column.tensor("image", DType.F32, store.shape().dims()),
            Column.text("label"),
            Column.text("file"));
  }

  @Override
  public List<Column> columns() {
    return columns;
  }

  @Override
  public int size() {
    return files.size();
  }

  @Override
  public ColumnBatch read(int[] rows, List<String> names) {
    List<Column> wanted = new ArrayList<>();
    Object[] arrays = new Object[names.size()];
    for (int i = 0; i < arrays.length; i++) {
      wanted.add(column(names.get(i)));
      arrays[i] = names.get(i).equals("image") ? images(rows) : texts(rows, names.get(i));
    }
    return new ColumnBatch(rows.length, wanted, arrays);
  }

  private float[] images(int[] rows) {
    List<PictureFile> wanted = new ArrayList<>(rows.length);
    for (int row : rows) {
      wanted.add(files.get(row));
    }
    byte[][] decoded = store.decode(wanted);
    int width = store.shape().bytes();
    float[] images = new float[Math.multiplyExact(rows.length, width)];
    for (int i = 0; i < decoded.length; i++) {
      for (int j = 0; j < width; j++) {
        images[i * width + j] = decoded[i][j] & 0xff;
      }
    }
    return images;
  }

  private String[] texts(int[] rows, String name) {
    String[] texts = new String[rows.length];
    for (int i = 0; i < texts.length; i++) {
      PictureFile file = files.get(rows[i]);
      texts[i] = name.equals("label") ? file.label() : folder.relativize(file.path()).toString();
    }
    return texts;
  }
}
