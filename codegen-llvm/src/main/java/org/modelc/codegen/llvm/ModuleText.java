package org.modelc.codegen.llvm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A module of LLVM IR in its parts. Some functions are a program's own; library functions, such as
 * microkernels, have the same text in whichever program of an instruction set needs them, and may
 * be compiled once for all.
 *
 * @param heading a comment for the reader
 * @param definitions functions and constants, in order
 * @param declarations of what is defined elsewhere
 * @param ending attributes and metadata, the same in all modules of a target
 */
public record ModuleText(
    String heading, List<Definition> definitions, List<String> declarations, String ending) {
  private static final Pattern SYMBOL = Pattern.compile("@[-$._A-Za-z0-9]+");
  private static final Pattern CONSTANT =
      Pattern.compile("(@\\S+ =) internal( constant \\[[^\\]]+\\]).*", Pattern.DOTALL);

  /**
   * A function or a constant.
   *
   * @param library its name, if it belongs to the library; empty otherwise
   */
  public record Definition(String library, String text) {
    boolean isShared() {
      return !library.isEmpty();
    }

    /** Without what makes it known in its module only. */
    private String exported() {
      return text.replaceFirst("^define internal ", "define ").replaceFirst(" = internal ", " = ");
    }

    private String declared() {
      Matcher constant = CONSTANT.matcher(text);
      if (constant.matches()) {
        return constant.group(1) + " external" + constant.group(2) + "\n";
      }
      String head = text.substring(0, text.indexOf(" {\n"));
      return head.replaceFirst("^define internal ", "declare ") + "\n";
    }
  }

  public ModuleText {
    definitions = List.copyOf(definitions);
    declarations = List.copyOf(declarations);
  }

  /** A module that needs no other. */
  public String whole() {
    return text(heading, definitions.stream().map(Definition::text).toList(), declarations, ending);
  }

  /**
   * The program's own functions, over the library of {@link #library}.
   *
   * @param suffix the library's
   */
  public String own(String suffix) {
    List<String> parts = new ArrayList<>();
    Set<String> names = new LinkedHashSet<>();
    for (Definition definition : definitions) {
      parts.add(definition.isShared() ? definition.declared() : definition.text());
      if (definition.isShared()) {
        names.add(definition.library());
      }
    }
    return renamed(text(heading, parts, declarations, ending), names, suffix);
  }

  /**
   * The library functions that modules of one target need.
   *
   * @param suffix added to their names, so that libraries of several targets can be linked
   * @throws IllegalStateException if two texts have one name
   */
  public static String library(List<ModuleText> modules, String suffix) {
    Map<String, String> parts = new LinkedHashMap<>();
    Set<String> declarations = new TreeSet<>();
    for (ModuleText module : modules) {
      declarations.addAll(module.declarations);
      for (Definition definition : module.definitions) {
        if (definition.isShared()) {
          String other = parts.put(definition.library(), definition.exported());
          if (other != null && !other.equals(definition.exported())) {
            throw new IllegalStateException(definition.library() + " has two texts");
          }
        }
      }
    }
    ModuleText any = modules.get(0);
    List<String> texts = List.copyOf(parts.values());
    String text = text(any.heading, texts, List.copyOf(declarations), any.ending);
    return renamed(text, parts.keySet(), suffix);
  }

  private static String text(
      String heading, List<String> parts, List<String> declarations, String ending) {
    StringBuilder text = new StringBuilder(heading);
    parts.forEach(part -> text.append(part).append('\n'));
    declarations.forEach(line -> text.append("declare ").append(line).append('\n'));
    return text.append(ending).toString();
  }

  private static String renamed(String text, Set<String> names, String suffix) {
    return SYMBOL
        .matcher(text)
        .replaceAll(
            found -> {
              boolean known = names.contains(found.group().substring(1));
              return Matcher.quoteReplacement(known ? found.group() + suffix : found.group());
            });
  }
}
