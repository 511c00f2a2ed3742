package org.modelc.compiler.typed;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.MethodSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.Modifier;
import org.modelc.runtime.Model;
import org.modelc.runtime.Session;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.spec.ModelManifest;
import org.modelc.runtime.train.TrainingListener;
import org.modelc.runtime.train.TrainingOptions;
import org.modelc.runtime.typed.Learning;

/** The methods that every typed class has. */
final class ModelMethods {
  private ModelMethods() {}

  static List<MethodSpec> of(ModelManifest manifest, ClassName name) {
    List<MethodSpec> methods = new ArrayList<>();
    methods.add(load(manifest, name));
    methods.add(loadFrom(name));
    methods.add(of(name));
    methods.add(model());
    methods.add(newSession());
    methods.add(save());
    boolean learns = manifest.programs().stream().anyMatch(each -> each.name().equals("train"));
    if (manifest.recipe() != null && learns) {
      methods.add(train(name));
      methods.add(trainWith(name));
    }
    return methods;
  }

  private static MethodSpec load(ModelManifest manifest, ClassName name) {
    return MethodSpec.methodBuilder("load")
        .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
        .addJavadoc("Loads the model with the parameters in its jar.\n\n")
        .addJavadoc("@throws org.modelc.runtime.FormatException if the jar is damaged\n")
        .returns(name)
        .addStatement(
            "return new $T($T.load($T.class, $S))", name, Model.class, name, manifest.name())
        .build();
  }

  private static MethodSpec loadFrom(ClassName name) {
    return MethodSpec.methodBuilder("load")
        .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
        .addJavadoc("Loads the model with the parameters of a safetensors file.\n\n")
        .addJavadoc("@param parameters as written by {@link #save}\n")
        .addJavadoc(
            "@throws org.modelc.runtime.ModelcException if the file does not fit the model\n")
        .returns(name)
        .addParameter(Path.class, "parameters")
        .addStatement("return new $T($T.load(load().model, parameters))", name, Learning.class)
        .build();
  }

  private static MethodSpec of(ClassName name) {
    return MethodSpec.methodBuilder("of")
        .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
        .addJavadoc("The typed view of a model of this class, such as one with other parameters.\n")
        .returns(name)
        .addParameter(Model.class, "model")
        .addStatement("return new $T(model)", name)
        .build();
  }

  private static MethodSpec model() {
    return MethodSpec.methodBuilder("model")
        .addModifiers(Modifier.PUBLIC)
        .addJavadoc("The model behind this view: manifest, parameters, functions by name.\n")
        .returns(Model.class)
        .addStatement("return model")
        .build();
  }

  private static MethodSpec newSession() {
    return MethodSpec.methodBuilder("newSession")
        .addModifiers(Modifier.PUBLIC)
        .addJavadoc(
            """
            Memory for calls by one thread at a time. Nothing to close: it belongs to the garbage
            collector.
            """)
        .returns(Session.class)
        .addStatement("return model.newSession()")
        .build();
  }

  private static MethodSpec save() {
    return MethodSpec.methodBuilder("save")
        .addModifiers(Modifier.PUBLIC)
        .addJavadoc("Writes the parameters as a safetensors file, whole or not at all.\n\n")
        .addJavadoc("@throws org.modelc.runtime.ModelcException if the file cannot be written\n")
        .addParameter(Path.class, "file")
        .addStatement("$T.save(model, file)", Learning.class)
        .build();
  }

  private static MethodSpec train(ClassName name) {
    return MethodSpec.methodBuilder("train")
        .addModifiers(Modifier.PUBLIC)
        .addJavadoc(
            """
            Trains on from these parameters, by the recipe of the model's file. What the inputs learned
            (means, categories) stays as it is.

            @param rows raw rows with the columns of the recipe's data
            @return a new model; this one is unchanged
            @throws org.modelc.runtime.ModelcException if the rows cannot be used
            """)
        .returns(name)
        .addParameter(Dataset.class, "rows")
        .addStatement(
            "return train(rows, null, $T.defaults(), $T.SILENT)",
            TrainingOptions.class,
            TrainingListener.class)
        .build();
  }

  private static MethodSpec trainWith(ClassName name) {
    return MethodSpec.methodBuilder("train")
        .addModifiers(Modifier.PUBLIC)
        .addJavadoc(
            """
            Trains on from these parameters, by the recipe of the model's file.

            @param rows raw rows with the columns of the recipe's data
            @param validation raw rows that steer the training; may be null
            @param options checkpoints, threads, memory; the result does not depend on them
            @param listener hears of every step, on this thread
            @return a new model; this one is unchanged
            @throws org.modelc.runtime.ModelcException if the rows cannot be used
            """)
        .returns(name)
        .addParameter(Dataset.class, "rows")
        .addParameter(JavaElement.nullable(ClassName.get(Dataset.class)), "validation")
        .addParameter(TrainingOptions.class, "options")
        .addParameter(TrainingListener.class, "listener")
        .addStatement(
            "return new $T($T.train(model, rows, validation, options, listener))",
            name,
            Learning.class)
        .build();
  }
}
