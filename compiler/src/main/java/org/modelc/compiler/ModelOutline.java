package org.modelc.compiler;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.modelc.data.Readers;
import org.modelc.dsl.ast.Declaration;
import org.modelc.dsl.recipe.DistillSpec;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.runtime.spec.DataSpec;
import org.modelc.runtime.spec.RecipeSpec;

/**
 * What a file says of one of its models before anything is compiled: enough for a build tool to
 * find out whether there is anything to do.
 *
 * @param name the model's name
 * @param place where the name stands
 * @param data where its rows come from; null if it is not trained
 * @param recipe how it is trained; null if the file does not say
 * @param teacher the jar of the model that it learns from besides, relative to the file; or null
 */
public record ModelOutline(
    String name, SourceSpan place, DataSpec data, RecipeSpec recipe, String teacher) {
  /**
   * The models of a file, in order.
   *
   * @throws org.modelc.ir.diagnostic.DiagnosticException if the file has errors
   */
  public static List<ModelOutline> of(ModelSource source) {
    List<ModelOutline> outlines = new ArrayList<>();
    FrontEnd first = FrontEnd.parse(source, null);
    for (Declaration.Model model : first.file().models()) {
      FrontEnd front = FrontEnd.parse(source, model.name().text());
      DistillSpec distillation = front.distillation();
      outlines.add(
          new ModelOutline(
              model.name().text(),
              model.name().span(),
              front.data(),
              front.recipe(),
              distillation == null ? null : distillation.path()));
    }
    return outlines;
  }

  /** Whether the file says how to train it. */
  public boolean isTrained() {
    return recipe != null && data != null;
  }

  /**
   * The files and folders that a training reads: those of the rows, and the teacher's jar.
   *
   * @param folder where relative paths start: the model file's folder
   */
  public List<Path> dataPaths(Path folder) {
    List<Path> paths = new ArrayList<>();
    if (data != null) {
      for (DataSpec.SourceSpec each : data.sources()) {
        List<String> order = Readers.of(each.format()).paths();
        each.paths().keySet().stream()
            .sorted(java.util.Comparator.comparing(order::indexOf))
            .forEach(name -> paths.add(folder.resolve(each.paths().get(name)).normalize()));
      }
    }
    if (teacher != null) {
      paths.add(folder.resolve(teacher).normalize());
    }
    return paths;
  }
}
