package org.modelc.dsl.elaborate;

import org.modelc.dsl.ast.Declaration;

/** An evaluated layer expression. Whoever shares it shares its parameters, known by its path. */
final class LayerInstance {
  private final Declaration.Layer declaration;
  private final Scope statics;
  private final String path;
  private final boolean mayOwnParameters;

  LayerInstance(
      Declaration.Layer declaration, Scope statics, String path, boolean mayOwnParameters) {
    this.declaration = declaration;
    this.statics = statics;
    this.path = path;
    this.mayOwnParameters = mayOwnParameters;
  }

  Declaration.Layer declaration() {
    return declaration;
  }

  /** Its static arguments. */
  Scope statics() {
    return statics;
  }

  /** Its binding path, such as {@code features.0.conv_2}. */
  String path() {
    return path;
  }

  boolean mayOwnParameters() {
    return mayOwnParameters;
  }

  /** {@code conv(c=64, kernel=3)}. */
  String describe() {
    String bindings = statics.bindings();
    return declaration.name() + (bindings.isEmpty() ? "" : "(" + bindings + ")");
  }
}
