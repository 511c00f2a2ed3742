package org.modelc.compiler.jar;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeSet;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;

/** The runtime comes with every model: it stays below 300 KB. */
class RuntimeSizeTest {
  private static final int MOST_BYTES = 300 * 1024;

  /** What an archive says of an entry beside its name, which stands there twice. */
  private static final int HEADERS = 30 + 46;

  private static final int END_OF_ARCHIVE = 22;

  /** As Maven packs it: compressed as by default, with an entry for each folder. */
  private static int size(Map<String, byte[]> classes) {
    TreeSet<String> folders = new TreeSet<>();
    int size = END_OF_ARCHIVE;
    for (Map.Entry<String, byte[]> entry : classes.entrySet()) {
      String name = entry.getKey();
      size += HEADERS + 2 * name.length() + compressed(entry.getValue());
      for (int slash = name.indexOf('/'); slash > 0; slash = name.indexOf('/', slash + 1)) {
        folders.add(name.substring(0, slash + 1));
      }
    }
    for (String folder : folders) {
      size += HEADERS + 2 * folder.length();
    }
    return size;
  }

  private static int compressed(byte[] bytes) {
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    deflater.setInput(bytes);
    deflater.finish();
    int size = deflater.deflate(new byte[2 * bytes.length + 64]);
    deflater.end();
    return size;
  }

  @Test
  void runtimeStaysSmall() {
    Map<String, byte[]> classes = RuntimeClasses.read();
    assertThat(classes).containsKey("org/modelc/runtime/Model.class");
    assertThat(size(classes)).as("bytes of %d classes", classes.size()).isLessThan(MOST_BYTES);
  }
}
