package org.modelc.dsl.elaborate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.spec.Dim;

/** Names and what they mean, inner scopes before outer ones. */
final class Scope {
  private final Scope parent;
  private final Map<String, Binding> bindings = new LinkedHashMap<>();

  Scope(Scope parent) {
    this.parent = parent;
  }

  /**
   * One name. What a parameter or state means is asked of the program, which has its own inputs.
   */
  static final class Binding {
    private final String name;
    private final boolean assignable;
    private final String storagePath;
    private Meaning meaning;

    Binding(String name, Meaning meaning, boolean assignable, String storagePath) {
      this.name = name;
      this.meaning = meaning;
      this.assignable = assignable;
      this.storagePath = storagePath;
    }

    Meaning meaning() {
      return meaning;
    }

    void assign(Meaning next) {
      meaning = next;
    }

    boolean isAssignable() {
      return assignable;
    }

    /** The binding path of a parameter or state, or null. */
    String storagePath() {
      return storagePath;
    }

    String name() {
      return name;
    }
  }

  /** The binding of a name, or null. */
  Binding find(String name) {
    Binding own = bindings.get(name);
    return own != null || parent == null ? own : parent.find(name);
  }

  /** The binding of a name in this very scope, or null. */
  Binding own(String name) {
    return bindings.get(name);
  }

  void let(String name, Meaning meaning) {
    bindings.put(name, new Binding(name, meaning, false, null));
  }

  void var(String name, Meaning meaning) {
    bindings.put(name, new Binding(name, meaning, true, null));
  }

  /** Binds a parameter, or a state, which can be assigned. */
  void stored(String name, ParameterTable.Entry entry) {
    bindings.put(name, new Binding(name, null, entry.state(), entry.path()));
  }

  /** The dim or whole number of a name; null if it is no such thing or unknown. */
  Meaning.Int number(String name) {
    Binding found = find(name);
    return found != null && found.meaning() instanceof Meaning.Int number ? number : null;
  }

  /**
   * A dim with the innermost name that means it: {@code units=64}; a dynamic dim is its own name.
   */
  String explained(Dim dim) {
    if (!dim.isStatic()) {
      return dim.toString();
    }
    for (Binding binding : bindings.values()) {
      if (binding.meaning instanceof Meaning.Int number && number.dim().equals(dim)) {
        return binding.name + "=" + dim;
      }
    }
    return parent == null ? dim.toString() : parent.explained(dim);
  }

  /** All names that can be seen, for suggestions. */
  List<String> names() {
    List<String> names = parent == null ? new ArrayList<>() : parent.names();
    names.addAll(bindings.keySet());
    return names;
  }

  /** The numbers and dims bound in this very scope: {@code n=32, stride=2}. */
  String bindings() {
    StringBuilder text = new StringBuilder();
    for (Binding binding : bindings.values()) {
      boolean shown =
          binding.meaning != null && binding.meaning.isStatic()
              || binding.meaning instanceof Meaning.Int;
      if (shown && !binding.name.startsWith("...")) {
        text.append(text.length() == 0 ? "" : ", ").append(binding.name).append('=');
        text.append(binding.meaning.describe());
      }
    }
    return text.toString();
  }
}
