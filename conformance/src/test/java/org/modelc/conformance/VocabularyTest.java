package org.modelc.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.modelc.data.Readers;
import org.modelc.dsl.recipe.Vocabulary;
import org.modelc.runtime.metrics.Metric;
import org.modelc.runtime.metrics.Metrics;
import org.modelc.runtime.train.Augmentation;
import org.modelc.runtime.train.Augmentations;
import org.modelc.runtime.transform.TransformRegistry;

/** The words that the language knows are those that the modules behind it execute. */
class VocabularyTest {
  @Test
  void readers() {
    assertThat(Vocabulary.readers().keySet()).containsExactlyElementsOf(Readers.formats());
    for (String format : Readers.formats()) {
      Readers.Reader reader = Readers.of(format);
      Vocabulary.Entry entry = Vocabulary.readers().get(format);
      assertThat(entry.positional()).as(format).isEqualTo(reader.paths());
      assertThat(new TreeSet<>(entry.options()))
          .as(format)
          .isEqualTo(new TreeSet<>(reader.options()));
    }
  }

  @Test
  void transforms() {
    Set<String> spoken = new TreeSet<>(Vocabulary.transforms().keySet());
    // These come from names, columns(…), ++, `as` and arithmetic.
    spoken.addAll(List.of("column", "columns", "concat", "reshaped", "scaled", "shifted"));
    assertThat(spoken).isEqualTo(new TreeSet<>(TransformRegistry.kinds()));
  }

  @Test
  void metrics() {
    assertThat(Vocabulary.metrics().keySet())
        .isEqualTo(new TreeSet<>(Metrics.all().stream().map(Metric::name).toList()));
  }

  @Test
  void augmentations() {
    for (Augmentation augmentation : Augmentations.all()) {
      Vocabulary.Entry entry = Vocabulary.augmentations().get(augmentation.name());
      assertThat(entry).as(augmentation.name()).isNotNull();
      List<String> settings = new ArrayList<>(entry.positional());
      settings.addAll(entry.options());
      assertThat(new TreeSet<>(settings))
          .isEqualTo(new TreeSet<>(augmentation.defaults().keySet()));
    }
    assertThat(Vocabulary.augmentations()).hasSize(Augmentations.all().size());
  }
}
