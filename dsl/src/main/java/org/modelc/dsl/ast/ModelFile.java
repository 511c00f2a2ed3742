package org.modelc.dsl.ast;

import java.util.List;
import java.util.Optional;
import org.modelc.ir.diagnostic.SourceText;

/**
 * A whole file.
 *
 * @param source its text
 * @param declarations in the order written
 */
public record ModelFile(SourceText source, List<Declaration> declarations) {
  /** Copies the list. */
  public ModelFile {
    declarations = List.copyOf(declarations);
  }

  /** The models, in the order written. */
  public List<Declaration.Model> models() {
    return only(Declaration.Model.class);
  }

  /** The layers, in the order written. */
  public List<Declaration.Layer> layers() {
    return only(Declaration.Layer.class);
  }

  /** The functions outside models, in the order written. */
  public List<Declaration.Function> functions() {
    return only(Declaration.Function.class);
  }

  /** The data sets, in the order written. */
  public List<Declaration.Data> data() {
    return only(Declaration.Data.class);
  }

  /** The recipes, in the order written. */
  public List<Declaration.Train> trainings() {
    return only(Declaration.Train.class);
  }

  /** The compressions, in the order written. */
  public List<Declaration.Compress> compressions() {
    return only(Declaration.Compress.class);
  }

  /** The model of a name. */
  public Optional<Declaration.Model> model(String name) {
    return models().stream().filter(model -> model.name().text().equals(name)).findFirst();
  }

  /** The data set of a name. */
  public Optional<Declaration.Data> data(String name) {
    return data().stream().filter(data -> data.name().text().equals(name)).findFirst();
  }

  private <T extends Declaration> List<T> only(Class<T> kind) {
    return declarations.stream().filter(kind::isInstance).map(kind::cast).toList();
  }
}
