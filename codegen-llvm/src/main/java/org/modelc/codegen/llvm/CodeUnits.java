package org.modelc.codegen.llvm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.modelc.codegen.llvm.CodeUnit.Effort;
import org.modelc.codegen.llvm.ModuleText.Definition;
import org.modelc.codegen.llvm.ModuleText.Kind;

/**
 * Programs of one instruction set as modules of about one size, which can be compiled side by side.
 * Functions of the same text are compiled once, whichever programs need them: microkernels, and
 * kernels that {@code predict} and {@code evaluate} have in common.
 *
 * <p>Units depend on the programs alone, not on the machine that compiles.
 */
public final class CodeUnits {
  /** Characters of text in a unit: a fifth of a second of LLVM's time. */
  private static final int KERNELS_LENGTH = 120_000;

  /** The same for library functions, which have few values that LLVM can reckon with. */
  private static final int LIBRARY_LENGTH = 400_000;

  private static final Pattern COMMENTS = Pattern.compile("\\A(?:;[^\\n]*\\n)+");
  private static final Pattern CONSTANT =
      Pattern.compile("(@\\S+ =)( constant \\[[^\\]]+\\]).*", Pattern.DOTALL);

  /** Stands for a function's own name in its text, so that texts can be compared. */
  private static final String SELF = "@";

  private final String suffix;
  private final Map<String, String> nameByText = new HashMap<>();

  /** Texts by name, without {@code internal}; in order. */
  private final Map<String, String> library = new LinkedHashMap<>();

  private final Map<String, String> kernels = new LinkedHashMap<>();
  private final Map<String, String> declarations = new TreeMap<>();

  private CodeUnits(String suffix) {
    this.suffix = suffix;
  }

  /**
   * The units of programs that run often.
   *
   * @param modules at least one, all for one target
   * @param suffix added to the names of functions, so that units of several targets can be linked
   * @throws IllegalStateException if library functions of one name have two texts
   */
  public static List<CodeUnit> of(List<ModuleText> modules, String suffix) {
    CodeUnits units = new CodeUnits(suffix);
    modules.forEach(units::add);
    String ending = modules.get(0).ending();
    List<CodeUnit> result = new ArrayList<>();
    units.deal(units.library, LIBRARY_LENGTH, ending, Effort.OFTEN, result);
    units.deal(units.kernels, KERNELS_LENGTH, ending, Effort.OFTEN, result);
    return List.copyOf(result);
  }

  /** The unit of a program that runs once. */
  public static CodeUnit once(ModuleText module, String suffix) {
    CodeUnits units = new CodeUnits(suffix);
    units.add(module);
    Map<String, String> all = new LinkedHashMap<>(units.library);
    all.putAll(units.kernels);
    List<CodeUnit> result = new ArrayList<>();
    units.deal(all, Integer.MAX_VALUE, module.ending(), Effort.ONCE, result);
    return result.get(0);
  }

  private void add(ModuleText module) {
    for (String declaration : module.declarations()) {
      declarations.put(symbols(declaration).iterator().next(), "declare " + declaration + "\n");
    }
    Map<String, String> names = new HashMap<>();
    for (Definition definition : module.definitions()) {
      names.put(SELF + definition.name(), SELF);
      String text = exported(COMMENTS.matcher(definition.text()).replaceFirst(""));
      String name = SELF + name(definition, renamed(text, names));
      names.put(SELF + definition.name(), name);
    }
  }

  /**
   * The name of a definition in all units.
   *
   * @param text with the others' names in all units, and {@link #SELF} for its own
   */
  private String name(Definition definition, String text) {
    String known = nameByText.get(text);
    if (known != null && definition.kind() == Kind.KERNEL) {
      return known;
    }
    String name =
        switch (definition.kind()) {
          case LIBRARY -> definition.name() + suffix;
          case KERNEL -> unused(definition.name());
          case ENTRY -> definition.name();
        };
    Map<String, String> texts = definition.kind() == Kind.LIBRARY ? library : kernels;
    String whole = replaced(text, symbol -> symbol.equals(SELF) ? SELF + name : symbol);
    String other = texts.put(name, whole);
    if (other != null && !other.equals(whole)) {
      throw new IllegalStateException(name + " has two texts");
    }
    if (definition.kind() == Kind.KERNEL) {
      nameByText.put(text, name);
    }
    return name;
  }

  private String unused(String name) {
    String free = name + suffix;
    for (int other = 2; kernels.containsKey(free) || library.containsKey(free); other++) {
      free = name + "." + other + suffix;
    }
    return free;
  }

  /** Without what makes it known in its module only. */
  private static String exported(String text) {
    return text.replaceFirst("^define internal ", "define ")
        .replaceFirst("^(@\\S+) = internal ", "$1 = ");
  }

  private static String declared(String text) {
    Matcher constant = CONSTANT.matcher(text);
    if (constant.matches()) {
      return constant.group(1) + " external" + constant.group(2) + "\n";
    }
    String head = text.substring(0, text.indexOf(" {\n"));
    return head.replaceFirst("^define ", "declare ") + "\n";
  }

  private void deal(
      Map<String, String> texts, int length, String ending, Effort effort, List<CodeUnit> units) {
    Map<String, String> some = new LinkedHashMap<>();
    int taken = 0;
    for (Map.Entry<String, String> each : texts.entrySet()) {
      if (taken > 0 && taken + each.getValue().length() > length) {
        units.add(new CodeUnit(unit(some, ending), effort));
        some.clear();
        taken = 0;
      }
      some.put(each.getKey(), each.getValue());
      taken += each.getValue().length();
    }
    if (!some.isEmpty()) {
      units.add(new CodeUnit(unit(some, ending), effort));
    }
  }

  private String unit(Map<String, String> some, String ending) {
    StringBuilder text = new StringBuilder();
    Set<String> needed = new HashSet<>();
    for (String definition : some.values()) {
      text.append(definition).append('\n');
      needed.addAll(symbols(definition));
    }
    // In an order that does not depend on hashes.
    for (Map<String, String> texts : List.of(library, kernels)) {
      texts.forEach(
          (name, other) -> {
            if (needed.contains(SELF + name) && !some.containsKey(name)) {
              text.append(declared(other));
            }
          });
    }
    declarations.forEach((symbol, line) -> text.append(needed.contains(symbol) ? line : ""));
    return text.append(ending).toString();
  }

  private static Set<String> symbols(String text) {
    Set<String> symbols = new HashSet<>();
    for (int at = text.indexOf(SELF); at >= 0; at = text.indexOf(SELF, at + 1)) {
      symbols.add(text.substring(at, end(text, at)));
    }
    return symbols;
  }

  private static String renamed(String text, Map<String, String> names) {
    return replaced(text, symbol -> names.getOrDefault(symbol, symbol));
  }

  /** By hand: megabytes of text go through this, and regular expressions take ten times as long. */
  private static String replaced(String text, UnaryOperator<String> rule) {
    StringBuilder result = new StringBuilder(text.length() + text.length() / 8);
    int from = 0;
    for (int at = text.indexOf(SELF); at >= 0; at = text.indexOf(SELF, from)) {
      result.append(text, from, at);
      from = end(text, at);
      result.append(rule.apply(text.substring(at, from)));
    }
    return result.append(text, from, text.length()).toString();
  }

  /** Where the symbol ends that begins at an {@code @}. */
  private static int end(String text, int at) {
    int end = at + 1;
    while (end < text.length() && isPart(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private static boolean isPart(char c) {
    boolean isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return isLetter || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-' || c == '$';
  }
}
