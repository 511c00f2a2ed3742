package org.modelc.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFilesTest {
  private static final String OWNER = "org/modelc/runtime/LinearModel.class";

  @TempDir Path folder;

  /** A jar with a class and a file, in a folder whose name has to be quoted in an address. */
  private Path jar(String name, String text) throws IOException {
    Path jar = Files.createDirectories(folder.resolve("a b+ä%20#")).resolve(name);
    byte[] owner = ModelFilesTest.class.getClassLoader().getResourceAsStream(OWNER).readAllBytes();
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new ZipEntry(OWNER));
      out.write(owner);
      out.putNextEntry(new ZipEntry("file"));
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return jar;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Finds classes in the second place and resources in the first. */
  private static Class<?> owner(Path first, Path second) throws Exception {
    java.net.URL[] places = {first.toUri().toURL(), second.toUri().toURL()};
    ClassLoader above = ClassLoader.getPlatformClassLoader();
    return new java.net.URLClassLoader(places, above).loadClass("org.modelc.runtime.LinearModel");
  }

  @Test
  void aClasssOwnJarComesBeforeOthers() throws Exception {
    Path other = Files.createDirectories(folder.resolve("classes"));
    Files.writeString(other.resolve("file"), "of another");
    Files.writeString(other.resolve("more"), "elsewhere");
    Class<?> owner = owner(other, jar("model.jar", "of the jar"));
    ModelFiles files = ModelFiles.of(owner);
    assertThat(text(files.read("file"))).isEqualTo("of the jar");
    assertThat(text(files.read("more"))).isEqualTo("elsewhere");
    ModelFiles byLoader = ModelFiles.of(owner.getClassLoader(), Map.of());
    assertThat(text(byLoader.read("file"))).isEqualTo("of another");
    assertThatThrownBy(() -> files.read("none"))
        .isInstanceOf(FormatException.class)
        .hasMessage("there is no none on the class path");
  }

  /** The directory at a jar's end says how long its last file is; here it lies. */
  private Path lying(int length) throws IOException {
    Path jar = jar("lying" + Integer.toHexString(length) + ".jar", "0123456789".repeat(5));
    byte[] bytes = Files.readAllBytes(jar);
    ByteBuffer text = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int entry = bytes.length - 22 - 46 - "file".length();
    assertThat(text.getInt(entry)).isEqualTo(0x02014b50);
    assertThat(text.getInt(entry + 24)).isEqualTo(50);
    text.putInt(entry + 24, length);
    return Files.write(jar, bytes);
  }

  @Test
  void aJarThatLiesAboutAFilesLengthTakesNoMemoryAndPassesForNothingElse() throws Exception {
    String whole = Safetensors.crc32("0123456789".repeat(5).getBytes(StandardCharsets.UTF_8));
    for (int length : new int[] {0, 7, 51, 1_900_000_000, -2}) {
      ModelFiles files = ModelFiles.of(owner(folder, lying(length)));
      if (length == 0 || length == 7) {
        assertThatThrownBy(() -> files.with(Map.of("file", whole)).read("file"))
            .isInstanceOf(FormatException.class)
            .hasMessageStartingWith("file is corrupt: its checksum is ");
      } else {
        assertThat(text(files.with(Map.of("file", whole)).read("file"))).hasSize(50);
      }
    }
  }

  @Test
  void classesInFoldersHaveTheirFilesByTheirLoader() {
    ModelFiles files = ModelFiles.of(ModelFilesTest.class);
    assertThat(files.read(OWNER)).startsWith(0xca, 0xfe, 0xba, 0xbe);
  }

  @Test
  void checksumsAreHeldAgainstWhatIsRead() throws Exception {
    ModelFiles files = ModelFiles.of(owner(folder, jar("model.jar", "text")));
    String right = Safetensors.crc32("text".getBytes(StandardCharsets.UTF_8));
    assertThat(text(files.with(Map.of("file", right)).read("file"))).isEqualTo("text");
    ModelFiles wrong = files.with(Map.of("file", "00000000"));
    assertThat(wrong.has("file")).isTrue();
    assertThat(wrong.has("other")).isFalse();
    assertThatThrownBy(() -> wrong.read("file"))
        .isInstanceOf(FormatException.class)
        .hasMessage("file is corrupt: its checksum is " + right + ", the manifest says 00000000");
  }
}
