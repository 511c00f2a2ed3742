package org.modelc.codegen.llvm.emit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.modelc.codegen.llvm.TargetDescription;

/** A module's text: declarations of what functions call, and each distinct function once. */
public final class ModuleWriter {
  /** The attributes of every function, as {@code #0}. */
  private static final String ATTRIBUTES = "nounwind uwtable \"no-builtins\"";

  private final TargetDescription target;
  private final TreeMap<String, String> declarations = new TreeMap<>();
  private final List<String> functions = new ArrayList<>();
  private final Map<String, String> nameByBody = new HashMap<>();
  private final Map<String, Integer> used = new HashMap<>();

  public ModuleWriter(TargetDescription target) {
    this.target = target;
  }

  public TargetDescription target() {
    return target;
  }

  /** Declares a function that is defined elsewhere: an intrinsic, the barrier. */
  void declare(String name, String signature) {
    declarations.put(name, signature);
  }

  /** Adds a function whose text is the same wherever it is needed; gives its name. */
  public String library(String name, java.util.function.Supplier<String> text) {
    if (!nameByBody.containsKey("library " + name)) {
      nameByBody.put("library " + name, name);
      functions.add(text.get());
    }
    return name;
  }

  /**
   * Adds a function, or finds the one with the same parameters and body.
   *
   * @param name what it should be called; a number is added where that is taken
   * @param text from the parameters' parenthesis to the closing brace
   * @return its name in the module
   */
  String add(String name, String text, List<String> comment) {
    String known = nameByBody.get(text);
    if (known != null) {
      return known;
    }
    String clean = name.replaceAll("[^A-Za-z0-9_.]", "_");
    int ordinal = used.merge(clean, 1, Integer::sum);
    String unique = ordinal == 1 ? clean : clean + "." + ordinal;
    nameByBody.put(text, unique);
    StringBuilder function = new StringBuilder();
    comment.forEach(line -> function.append("; ").append(line).append('\n'));
    function.append("define internal void @").append(unique).append(text);
    functions.add(function.toString());
    return unique;
  }

  /** Adds a function as it is. */
  void addEntry(String text) {
    functions.add(text);
  }

  /** The whole module. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append("; for ").append(target.triple()).append(", ").append(target.level().cpu());
    text.append("\n\n");
    functions.forEach(function -> text.append(function).append('\n'));
    declarations.values().forEach(line -> text.append("declare ").append(line).append('\n'));
    text.append("\nattributes #0 = { ").append(ATTRIBUTES);
    if (target.lanes() == 16) {
      text.append(" \"prefer-vector-width\"=\"512\"");
    }
    text.append(" }\n\n");
    // Loops are written in vectors already: unrolling them further only makes code.
    text.append("!0 = distinct !{!0, !1, !2}\n");
    text.append("!1 = !{!\"llvm.loop.unroll.disable\"}\n");
    text.append("!2 = !{!\"llvm.loop.isvectorized\", i32 1}\n");
    return text.toString();
  }
}
