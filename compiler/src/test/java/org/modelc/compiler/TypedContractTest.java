package org.modelc.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Executable;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.compiler.jar.LooseModel;
import org.modelc.compiler.jar.ModelArchive;
import org.modelc.runtime.CompiledProgram;

/** What every typed class promises: nothing to close, nothing to catch, null only where marked. */
class TypedContractTest {
  @TempDir Path folder;

  private Path words() throws IOException {
    Files.writeString(folder.resolve("w.csv"), "word,size,y\nyes,1,1\nno,2,0\nyes,3,1\nno,4,0\n");
    String text =
        """
        model Words {
            input word = one_hot(word) ++ standardized(size)
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
    Path jar = folder.resolve("Words.jar");
    CompileOptions options = CompileOptions.defaults().withBackend(Backend.JVM);
    Compiler.build(ModelSource.of("words.model", text, folder), options).write(jar, false);
    return jar;
  }

  private Class<?> wordsClass() throws IOException, ReflectiveOperationException {
    URL[] urls = {words().toUri().toURL()};
    return new URLClassLoader(urls, CompiledProgram.class.getClassLoader())
        .loadClass("models.Words");
  }

  @Test
  void nothingIsToBeCaughtOrClosed() throws Exception {
    Class<?> words = wordsClass();
    List<Executable> all = new ArrayList<>();
    for (Class<?> type : withMembers(words).toList()) {
      assertThat(AutoCloseable.class.isAssignableFrom(type)).as(type.getName()).isFalse();
      all.addAll(List.of(type.getDeclaredMethods()));
      all.addAll(List.of(type.getDeclaredConstructors()));
    }
    assertThat(all).extracting(Executable::getName).contains("predict", "train", "save", "build");
    assertThat(all).allSatisfy(each -> assertThat(each.getExceptionTypes()).isEmpty());
  }

  private static Stream<Class<?>> withMembers(Class<?> type) {
    return Stream.concat(
        Stream.of(type),
        Stream.of(type.getDeclaredClasses()).flatMap(TypedContractTest::withMembers));
  }

  /** Texts of a row may be missing, and a training may have no rows that steer it. */
  @Test
  void whatMayBeNullIsMarked() throws IOException {
    String source = LooseModel.of(ModelArchive.open(words())).source();
    assertThat(source).contains("record Word(@Nullable String word, double size)");
    assertThat(source).contains("word(@Nullable String value)", "@Nullable Dataset validation");
  }
}
