package org.modelc.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.runtime.data.Column;
import org.modelc.runtime.data.ColumnBatch;
import org.modelc.runtime.data.DataException;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.DataSpec.SourceSpec;

class IdxSourceTest {
  @TempDir Path folder;

  @Test
  void readsImagesAndLabels() throws IOException {
    write("i", bytes(0x08, new int[] {2, 1, 3}, 0, 128, 255, 1, 2, 3), true);
    write("l", bytes(0x08, new int[] {2}, 9, 4), false);
    Dataset data = open("i", "l", Map.of("classes", 10));
    assertThat(data.columns())
        .containsExactly(
            Column.tensor("image", DType.F32, List.of(1, 1, 3)), Column.number("label"));
    ColumnBatch batch = data.read(new int[] {1, 0});
    assertThat((float[]) batch.values("image")).containsExactly(1, 2, 3, 0, 128, 255);
    assertThat(batch.numbers("label")).containsExactly(4, 9);
  }

  @Test
  void putsChannelsFirst() throws IOException {
    write("i", bytes(0x08, new int[] {1, 2, 1, 3}, 1, 2, 3, 4, 5, 6), false);
    Dataset data = open("i", null, Map.of());
    assertThat(data.column("image").shape()).containsExactly(3, 2, 1);
    assertThat((float[]) data.read(new int[] {0}).values("image"))
        .containsExactly(1, 4, 2, 5, 3, 6);
  }

  @Test
  void readsOtherElements() throws IOException {
    ByteBuffer floats = ByteBuffer.allocate(8).putFloat(1.5f).putFloat(-2);
    write("f", join(header(0x0D, 1, 1, 2), floats.array()), false);
    assertThat((float[]) open("f", null, Map.of()).read(new int[] {0}).values("image"))
        .containsExactly(1.5f, -2);
    ByteBuffer shorts = ByteBuffer.allocate(4).putShort((short) -300).putShort((short) 7);
    write("s", join(header(0x0B, 2), shorts.array()), false);
    assertThat(open(null, "s", Map.of()).readAll(List.of("label")).numbers("label"))
        .containsExactly(-300, 7);
  }

  @Test
  void tellsWhatIsWrong() throws IOException {
    byte[] good = bytes(0x08, new int[] {2}, 1, 2);
    write("l", good, false);
    write("i", bytes(0x08, new int[] {3, 1, 1}, 1, 2, 3), false);
    assertFails("i", "l", Map.of(), "has 3 rows");
    assertFails(null, "l", Map.of("classes", 2), "the label 2.0 in row 2");
    write("x", new byte[] {0, 0, 8}, false);
    assertFails("x", null, Map.of(), "has 3 bytes");
    write("x", new byte[] {'P', 'K', 3, 4, 0}, false);
    assertFails("x", null, Map.of(), "50 4b 03 04");
    write("x", new byte[] {0, 0, 8, 2, 0, 0, 0, 1}, false);
    assertFails("x", null, Map.of(), "inside its header");
    write("x", java.util.Arrays.copyOf(good, good.length - 1), false);
    assertFails("x", null, Map.of(), "promises 2 bytes of elements, it has 1");
    write("x", join(good, new byte[1]), false);
    assertFails("x", null, Map.of(), "longer than its header");
    write("x", header(0x08, 0, 28, 28), false);
    assertFails("x", null, Map.of(), "no elements");
  }

  @Test
  void absurdSizesTakeNoMemory() throws IOException {
    write("x", header(0x08, 2_000_000_000), false);
    assertFails("x", null, Map.of(), "promises 2000000000 bytes");
    write("x", header(0x08, 2_000_000_000, 2_000_000_000), false);
    assertFails("x", null, Map.of(), "promises 4000000000000000000 bytes");
    write("x", header(0x0E, 1_000_000_000), false);
    assertFails("x", null, Map.of(), "promises 8000000000 bytes");
    write("x", header(0x08, -1), false);
    assertFails("x", null, Map.of(), "the size 4294967295");
  }

  /** Rows read from disk, of a plain and a gzipped file, are those read from memory. */
  @Test
  void filesLargerThanMemoryStayOnDisk() throws IOException {
    int[] elements = new int[1000 * 6];
    java.util.Arrays.setAll(elements, i -> i * 31 % 251);
    byte[] all = bytes(0x08, new int[] {1000, 2, 3}, elements);
    write("plain", all, false);
    write("zipped", all, true);
    int[] rows = {999, 0, 500, 500, 1};
    float[] expected = (float[]) open("plain", null, Map.of()).read(rows).values("image");
    for (String file : List.of("plain", "zipped")) {
      Dataset disk = open(file, null, Map.of("memory", 0));
      assertThat(disk.size()).isEqualTo(1000);
      assertThat((float[]) disk.read(rows).values("image")).containsExactly(expected);
    }
    assertThat(expected[0]).isEqualTo(999 * 6 * 31 % 251);
    write("short", java.util.Arrays.copyOf(all, all.length - 1), false);
    assertFails("short", null, Map.of("memory", 0), "promises 6000 bytes of elements, it has 5999");
    write("long", join(all, new byte[1]), true);
    assertFails("long", null, Map.of("memory", 0), "longer than its header");
  }

  @Test
  void truncatedCompressedFilesAreTold() throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(zipped)) {
      out.write(bytes(0x08, new int[] {1000}, new int[1000]));
    }
    byte[] all = zipped.toByteArray();
    Files.write(folder.resolve("x"), java.util.Arrays.copyOf(all, all.length / 2));
    assertFails("x", null, Map.of(), "is damaged");
  }

  private static byte[] header(int type, int... shape) {
    ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * shape.length);
    bytes.put((byte) 0).put((byte) 0).put((byte) type).put((byte) shape.length);
    for (int size : shape) {
      bytes.putInt(size);
    }
    return bytes.array();
  }

  private static byte[] bytes(int type, int[] shape, int... elements) {
    byte[] payload = new byte[elements.length];
    for (int i = 0; i < payload.length; i++) {
      payload[i] = (byte) elements[i];
    }
    return join(header(type, shape), payload);
  }

  private static byte[] join(byte[] one, byte[] other) {
    byte[] joined = java.util.Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, joined, one.length, other.length);
    return joined;
  }

  private void write(String name, byte[] bytes, boolean zipped) throws IOException {
    try (OutputStream file = Files.newOutputStream(folder.resolve(name));
        OutputStream out = zipped ? new GZIPOutputStream(file) : file) {
      out.write(bytes);
    }
  }

  private Dataset open(String images, String labels, Map<String, Object> options) {
    Map<String, String> paths = new HashMap<>();
    if (images != null) {
      paths.put("images", images);
    }
    if (labels != null) {
      paths.put("labels", labels);
    }
    return Readers.open(new SourceSpec("train", "idx", paths, options), folder);
  }

  private void assertFails(
      String images, String labels, Map<String, Object> options, String message) {
    assertThatThrownBy(() -> open(images, labels, options))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(message);
  }
}
