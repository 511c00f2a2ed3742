package org.modelc.compiler.typed;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.MethodSpec;
import java.util.List;
import javax.lang.model.element.Modifier;
import org.modelc.runtime.Model;
import org.modelc.runtime.Session;
import org.modelc.runtime.spec.ModelManifest;

/** The methods that every typed class has. */
final class ModelMethods {
  private ModelMethods() {}

  static List<MethodSpec> of(ModelManifest manifest, ClassName name) {
    return List.of(load(manifest, name), of(name), model(), newSession());
  }

  private static MethodSpec load(ModelManifest manifest, ClassName name) {
    return MethodSpec.methodBuilder("load")
        .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
        .addJavadoc("Loads the model with the parameters in its jar.\n\n")
        .addJavadoc("@throws org.modelc.runtime.FormatException if the jar is damaged\n")
        .returns(name)
        .addStatement("return new $T($T.load($T.class, $S))", name, Model.class, name, manifest.name())
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
            "Memory for calls by one thread at a time. Nothing to close: it belongs to the garbage\n"
                + "collector.\n")
        .returns(Session.class)
        .addStatement("return model.newSession()")
        .build();
  }
}
