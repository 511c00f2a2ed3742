package org.modelc.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.compiler.jar.LooseModel;
import org.modelc.compiler.jar.ModelArchive;
import org.modelc.testkit.JavaProcess;

/** Buffers, pictures, texts and streams as arguments: programs with the jar alone. */
class TypedOverloadsTest {
  @TempDir Path folder;

  private String run(String model, String program) throws Exception {
    Path jar = folder.resolve("Model.jar");
    ModelSource source = ModelSource.of("test.model", model, folder);
    Compiler.build(source, CompileOptions.defaults()).write(jar, true);
    Path file = Files.writeString(folder.resolve("Use.java"), program);
    return JavaProcess.printed(file, jar, "-Xlint:all", "-Werror", "-proc:none");
  }

  @Test
  void buffersAndStreamsGiveWhatArraysGive() throws Exception {
    String model =
        """
        model Sum() {
            export fn predict(x: f32[B, 2, 2]) -> (sum: f32[B]) = (sum: sum(x, keep: B))
        }
        """;
    String program =
        """
        import java.nio.FloatBuffer;
        import java.util.List;
        import java.util.stream.Stream;
        import models.Sum;
        public class Use {
          public static void main(String[] arguments) {
            Sum model = Sum.load();
            FloatBuffer buffer = FloatBuffer.wrap(new float[] {9, 1, 2, 3, 4, 9}, 1, 4);
            System.out.println(model.predict(buffer).sum() + " " + buffer.position());
            System.out.println(model.predict(buffer.asReadOnlyBuffer()).sum());
            System.out.println(model.predict(new float[][] {{1, 2}, {3, 4}}).sum());
            Stream<float[]> rows = Stream.of(new float[] {1, 1, 1, 1}, new float[] {2, 2, 2, 2});
            System.out.println(model.predictEach(rows).map(Sum.PredictResult::sum).toList());
          }
        }
        """;
    assertThat(run(model, program).lines()).containsExactly("10.0 1", "10.0", "10.0", "[4.0, 8.0]");
  }

  /**
   * Rows are gathered for one call, 64 at most; a wrong one fails where it stands. By hand: the
   * sums of 4 n, n from 0 to 199, of which the last is 796; their sum is 4 · 199 · 200 / 2 =
   * 79,600.
   */
  @Test
  void streamsAreComputedInBatches() throws Exception {
    String model =
        """
        model Sum() {
            export fn predict(x: f32[B, 2, 2]) -> (sum: f32[B]) = (sum: sum(x, keep: B))
            export fn half(x: f32[B]) -> (y: f32[B]) = (y: x / 2)
        }
        """;
    String program =
        """
        import java.util.ArrayList;
        import java.util.Iterator;
        import java.util.List;
        import java.util.stream.IntStream;
        import java.util.stream.Stream;
        import models.Sum;
        public class Use {
          static int taken;
          static float[] row(int n) {
            taken++;
            return new float[] {n, n, n, n};
          }
          public static void main(String[] arguments) {
            Sum model = Sum.load();
            Iterator<Sum.PredictResult> results =
                model.predictEach(Stream.iterate(0, n -> n + 1).map(Use::row)).iterator();
            int ahead = 0;
            float sum = 0;
            float last = 0;
            for (int n = 0; n < 200; n++) {
              last = results.next().sum();
              sum += last;
              ahead = Math.max(ahead, taken - n);
              if (n == 0) {
                System.out.println("taken for the first: " + taken);
              }
            }
            System.out.println(last + " " + sum + ", at most " + ahead);
            System.out.println(model.halfEach(Stream.of(1f, 2f, 3f)).map(Sum.HalfResult::y).toList());
            List<float[]> rows = new ArrayList<>();
            IntStream.range(0, 40).forEach(n -> rows.add(row(n)));
            rows.set(37, new float[3]);
            List<Float> before = new ArrayList<>();
            try {
              model.predictEach(rows.stream()).forEach(each -> before.add(each.sum()));
            } catch (org.modelc.runtime.ModelcException wrong) {
              System.out.println(before.size() + " before: " + wrong.getMessage());
            }
            try {
              model.predict(new float[3]);
            } catch (org.modelc.runtime.ModelcException wrong) {
              System.out.println(wrong.getMessage());
            }
          }
        }
        """;
    List<String> lines = run(model, program).lines().toList();
    assertThat(lines.subList(0, 3))
        .containsExactly("taken for the first: 1", "796.0 79600.0, at most 64", "[0.5, 1.0, 1.5]");
    assertThat(lines.get(3)).startsWith("37 before: ");
  }

  /** The named dims of the model file stand at every overload. */
  @Test
  void dimsAreInTheDocumentation() {
    String model =
        """
        model Sum() {
            export fn predict(x: f32[B, 2, 3]) -> (sum: f32[B], twice: f32[B, 2, 3]) =
                (sum: sum(x, keep: B), twice: 2 * x)
        }
        """;
    Path jar = folder.resolve("Model.jar");
    ModelSource source = ModelSource.of("test.model", model, folder);
    Compiler.build(source, CompileOptions.defaults()).write(jar, true);
    String text = LooseModel.of(ModelArchive.open(jar)).source();
    for (String each :
        List.of(
            "@param x f32, 2 × 3, row-major, a row of {@code x: f32[B, 2, 3]}\n",
            "@param x f32, 2 × 3, nested, a row of {@code x: f32[B, 2, 3]}\n",
            "@param x rows of: f32, 2 × 3, row-major, a row of {@code x: f32[B, 2, 3]}\n",
            "@param x f32, 2 × 3, row-major, a row of {@code x: f32[B, 2, 3]}, from its position",
            "@return a row of {@code sum: f32[B]}, {@code twice: f32[B, 2, 3]}\n")) {
      assertThat(text).contains(each);
    }
    int methods = text.split("public PredictResult predict\\(|PredictResult> predict", -1).length;
    assertThat(text.split("\\{@code sum: f32\\[B\\]\\}", -1)).hasSize(methods);
  }

  @Test
  void aTextIsARowOfItsOwn() throws Exception {
    Files.writeString(folder.resolve("w.csv"), "word,y\nyes,1\nno,0\nyes,1\nno,0\n");
    String model =
        """
        model Words {
            input word = one_hot(word)
            fn size(word: f32[B, F]) -> f32[B] {
                param weight: f32[F, 1] = ones()
                squeeze(word @ weight, -1)
            }
            export fn predict(word: f32[B, F]) -> (known: f32[B]) = (known: size(word))
            fn loss(word: f32[B, F], y: f32[B]) -> f32[B] = squared_error(size(word), y)
        }
        data words { rows = csv("w.csv") split 100% / 0% / 0% ordered }
        train Words on words { minimize loss with sgd(0.1) batch 4 epochs 1 }
        """;
    String program =
        """
        import models.Words;
        public class Use {
          public static void main(String[] arguments) {
            Words model = Words.load();
            System.out.println(model.predict("yes").known() + " " + model.predict("maybe").known());
          }
        }
        """;
    assertThat(run(model, program)).isEqualToNormalizingNewlines("1.0 0.0\n");
  }

  private void picture(String name, int type, int rgb) throws IOException {
    BufferedImage image = new BufferedImage(2, 2, type);
    for (int i = 0; i < 4; i++) {
      if (type == BufferedImage.TYPE_BYTE_GRAY) {
        image.getRaster().setSample(i % 2, i / 2, 0, rgb & 255);
      } else {
        image.setRGB(i % 2, i / 2, rgb);
      }
    }
    Path file = folder.resolve("pictures/" + name + ".png");
    Files.createDirectories(file.getParent());
    ImageIO.write(image, "png", file.toFile());
  }

  @Test
  void picturesAreReadAsTheTrainingReadsThem() throws Exception {
    picture("dark/a", BufferedImage.TYPE_BYTE_GRAY, 10);
    picture("dark/b", BufferedImage.TYPE_INT_RGB, 0x102030);
    picture("light/c", BufferedImage.TYPE_INT_ARGB, 0x00ffffff);
    picture("light/d", BufferedImage.TYPE_BYTE_GRAY, 200);
    String model =
        """
        model Light {
            input pixels = image / 1
            export fn predict(pixels: f32[B, 1, 2, 2]) -> (mean: f32[B]) = (mean: mean(pixels, keep: B))
            fn loss(pixels: f32[B, 1, 2, 2], label: i32[B]) -> f32[B] {
                param weight: f32[1] = ones()
                mean(pixels, keep: B) * weight
            }
        }
        data pictures {
            rows = folder("pictures", size: 2, color: grey)
            split 100% / 0% / 0% ordered
        }
        train Light on pictures { minimize loss with sgd(0.1) batch 4 epochs 1 }
        """;
    // 0.299 · 16 + 0.587 · 32 + 0.114 · 48 = 29.04, to the nearest level 29; transparent is white.
    String program =
        """
        import java.awt.image.BufferedImage;
        import java.io.File;
        import javax.imageio.ImageIO;
        import models.Light;
        public class Use {
          public static void main(String[] arguments) throws java.io.IOException {
            Light model = Light.load();
            for (String name : new String[] {"dark/a", "dark/b", "light/c", "light/d"}) {
              BufferedImage image = ImageIO.read(new File("pictures/" + name + ".png"));
              System.out.println(model.predict(image).mean());
            }
            try {
              model.predict(new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB));
            } catch (org.modelc.runtime.ModelcException wrong) {
              System.out.println(wrong.getMessage());
            }
          }
        }
        """;
    assertThat(run(model, program).lines())
        .containsExactly(
            "10.0",
            "29.0",
            "255.0",
            "200.0",
            "the picture has 3 × 2 pixels, the model takes 2 × 2");
  }
}
