package org.modelc.codegen.llvm.emit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.modelc.codegen.llvm.ModuleText;
import org.modelc.codegen.llvm.ModuleText.Definition;
import org.modelc.codegen.llvm.ModuleText.Kind;
import org.modelc.codegen.llvm.TargetDescription;

/** A module's text: declarations of what functions call, and each distinct function once. */
public final class ModuleWriter {
  /** The attributes of every function, as {@code #0}. */
  private static final String ATTRIBUTES = "nounwind uwtable \"no-builtins\"";

  private final TargetDescription target;
  private final TreeMap<String, String> declarations = new TreeMap<>();
  private final List<Definition> definitions = new ArrayList<>();
  private final Map<String, String> nameByBody = new HashMap<>();
  private final Map<String, Integer> used = new HashMap<>();

  public ModuleWriter(TargetDescription target) {
    this.target = target;
  }

  public TargetDescription target() {
    return target;
  }

  /** Declares a function that is defined elsewhere: an intrinsic, the barrier. */
  public void declare(String name, String signature) {
    declarations.put(name, signature);
  }

  /** Whether a function of this name is declared. */
  boolean isDeclared(String name) {
    return declarations.containsKey(name);
  }

  /** Adds a function or constant whose text is the same wherever it is needed; gives its name. */
  public String library(String name, java.util.function.Supplier<String> text) {
    if (!nameByBody.containsKey("library " + name)) {
      nameByBody.put("library " + name, name);
      // What it needs comes before it.
      String written = text.get();
      if (written.contains("\ndefine ")) {
        // Functions are dealt out one by one to what is compiled side by side.
        throw new IllegalStateException("library function " + name + " is more than one");
      }
      definitions.add(new Definition(Kind.LIBRARY, name, written));
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
    definitions.add(new Definition(Kind.KERNEL, unique, function.toString()));
    return unique;
  }

  /**
   * Adds what the program is called by.
   *
   * @param text the whole function
   */
  void addEntry(String symbol, String text) {
    definitions.add(new Definition(Kind.ENTRY, symbol, text));
  }

  /** The module. */
  public ModuleText text() {
    String heading = "; for " + target.triple() + ", " + target.level().cpu() + "\n\n";
    String wide = target.lanes() == 16 ? " \"prefer-vector-width\"=\"512\"" : "";
    // Loops are written in vectors already: unrolling them further only makes code.
    String ending =
        "\nattributes #0 = { "
            + ATTRIBUTES
            + wide
            + " }\n\n"
            + "!0 = distinct !{!0, !1, !2}\n"
            + "!1 = !{!\"llvm.loop.unroll.disable\"}\n"
            + "!2 = !{!\"llvm.loop.isvectorized\", i32 1}\n";
    return new ModuleText(heading, definitions, List.copyOf(declarations.values()), ending);
  }
}
