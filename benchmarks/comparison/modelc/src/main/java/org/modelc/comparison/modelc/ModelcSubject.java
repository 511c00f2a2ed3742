package org.modelc.comparison.modelc;

import java.nio.file.Path;
import org.modelc.comparison.Network;
import org.modelc.comparison.Subject;
import org.modelc.runtime.Frame;
import org.modelc.runtime.Model;

/** A model's jar with its runtime on the class path, by the model's name; nothing else. */
public final class ModelcSubject extends Subject {
  private Frame frame;
  private String output;

  /** The program. */
  public static void main(String[] arguments) throws Exception {
    new ModelcSubject().run(arguments);
  }

  @Override
  protected void write(Network network, Path stem, int batch) {
    throw new UnsupportedOperationException("the jar is its own model file");
  }

  @Override
  protected void load(Path stem, int inputs) {
    String name = stem.getFileName().toString();
    Model model = Model.load(ModelcSubject.class.getClassLoader(), name).withThreads(1);
    frame = model.newSession().frame("predict");
    output = model.function("predict").outputs().get(0).name();
  }

  @Override
  protected float[] predict(float[] x, int rows) {
    frame.bind("x", x);
    frame.run();
    return (float[]) frame.array(output);
  }
}
