package org.modelc.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.runtime.data.DataException;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.spec.DataSpec.SourceSpec;

/**
 * Files with flipped bytes, cut off, or with noise in them: reading one either works or ends in a
 * {@link DataException}, and takes no more memory than a small file may. {@code -Dmodelc.damaged=N}
 * tries N files of each kind; the seed of a failure is in its message.
 */
class DamagedFilesTest {
  private static final int TRIES = Integer.getInteger("modelc.damaged", 400);

  @TempDir Path folder;

  @Test
  void csv() throws IOException {
    String text = "a,b,c\n1,x,\"y, z\"\n2,\"q\"\"q\",\n,é,3\n";
    damage(text.getBytes(StandardCharsets.UTF_8), "rows.csv", "csv", Map.of());
    damage(text.getBytes(StandardCharsets.UTF_8), "rows.csv", "csv", Map.of("memory", 0));
  }

  @Test
  void jsonl() throws IOException {
    String text = "{\"a\": 1, \"b\": \"x\"}\n{\"a\": [1, 2.5e3], \"b\": null}\n{\"a\": [3, 4]}\n";
    damage(text.getBytes(StandardCharsets.UTF_8), "rows.jsonl", "jsonl", Map.of());
  }

  @Test
  void idx() throws IOException {
    byte[] plain = new byte[16 + 60];
    new Random(1).nextBytes(plain);
    System.arraycopy(new byte[] {0, 0, 8, 3, 0, 0, 0, 5, 0, 0, 0, 3, 0, 0, 0, 4}, 0, plain, 0, 16);
    damage(plain, "images", "idx", Map.of());
    damage(plain, "images", "idx", Map.of("memory", 0));
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(plain);
    }
    damage(zipped.toByteArray(), "images", "idx", Map.of());
  }

  @Test
  void pictures() throws IOException {
    BufferedImage image = new BufferedImage(9, 7, BufferedImage.TYPE_3BYTE_BGR);
    for (int i = 0; i < 63; i++) {
      image.setRGB(i % 9, i / 9, i * 0x030507);
    }
    for (String format : new String[] {"png", "jpg", "gif", "bmp"}) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ImageIO.write(image, format, out);
      Files.createDirectories(folder.resolve("class"));
      damage(out.toByteArray(), "class/x." + format, "folder", Map.of("size", 4));
      Files.delete(folder.resolve("class/x." + format));
    }
  }

  private void damage(byte[] good, String name, String format, Map<String, Object> options)
      throws IOException {
    int opened = 0;
    for (int seed = 0; seed < TRIES; seed++) {
      byte[] bad = damaged(good, new Random(seed));
      Files.write(folder.resolve(name), bad);
      String path = format.equals("folder") ? "." : name;
      String argument = format.equals("idx") ? "images" : "path";
      try {
        Dataset data =
            Readers.open(new SourceSpec("rows", format, Map.of(argument, path), options), folder);
        int rows = Math.min(data.size(), 1000);
        assertThat(data.read(Dataset.range(0, rows)).rows()).isEqualTo(rows);
        opened++;
      } catch (DataException expected) {
        assertThat(expected.getMessage()).isNotBlank();
      } catch (RuntimeException | Error e) {
        fail(name + " damaged with seed " + seed + " as " + format + options, e);
      }
    }
    assertThat(opened).as("files that could be read all the same").isLessThan(TRIES);
  }

  private static byte[] damaged(byte[] good, Random random) {
    byte[] bad = good.clone();
    int flips = 1 + random.nextInt(4);
    for (int i = 0; i < flips; i++) {
      // Headers are where sizes stand, so half of the damage is done there.
      int at = random.nextInt(random.nextBoolean() ? Math.min(40, bad.length) : bad.length);
      bad[at] =
          random.nextBoolean()
              ? (byte) random.nextInt(256)
              : (byte) (bad[at] ^ 1 << random.nextInt(8));
    }
    return random.nextInt(4) == 0 ? Arrays.copyOf(bad, random.nextInt(bad.length + 1)) : bad;
  }
}
