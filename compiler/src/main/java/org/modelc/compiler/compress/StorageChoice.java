package org.modelc.compiler.compress;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.dsl.recipe.CompressSpec.Kind;
import org.modelc.dsl.recipe.CompressSpec.QuantizeSpec;
import org.modelc.dsl.recipe.CompressSpec.Type;
import org.modelc.ir.diagnostic.Diagnostic;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.ir.diagnostic.DiagnosticException;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.ScalarFunctions;
import org.modelc.passes.IntegerProducts;
import org.modelc.passes.PathPattern;
import org.modelc.passes.compress.AffineRange;
import org.modelc.passes.compress.Storage;
import org.modelc.passes.compress.Storage.Inputs;
import org.modelc.passes.compress.WeightSite;
import org.modelc.runtime.spec.DType;

/** Which sentence of a compress block each parameter follows, and what that means for it. */
final class StorageChoice {
  private final Map<String, WeightSite> sites;
  private final Map<String, Array> parameters;
  private final Map<String, String> wholes;
  private final Map<String, QuantizeSpec> chosen = new LinkedHashMap<>();
  private final List<String> warnings = new ArrayList<>();

  /**
   * @param sites the weights of products
   * @param parameters all parameters by name
   * @param wholes what a factor is one of, by its name: patterns that name that name it too
   * @throws DiagnosticException for a pattern that matches nothing
   */
  StorageChoice(
      List<QuantizeSpec> sentences,
      Map<String, WeightSite> sites,
      Map<String, Array> parameters,
      Map<String, String> wholes) {
    this.sites = sites;
    this.parameters = parameters;
    this.wholes = wholes;
    for (QuantizeSpec sentence : sentences) {
      boolean named = sentence.kind() == Kind.WEIGHTS && !sentence.over().isEmpty();
      boolean any = sentence.type().isFloat() || named;
      List<String> candidates = new ArrayList<>(any ? parameters.keySet() : sites.keySet());
      choose(sentence, candidates);
    }
  }

  private void choose(QuantizeSpec sentence, List<String> candidates) {
    for (String pattern : sentence.over()) {
      if (candidates.stream().noneMatch(name -> names(pattern, name))) {
        throw nothingMatches(sentence.span(), pattern, candidates);
      }
    }
    if (candidates.isEmpty()) {
      throw nothing(sentence.span(), "the model has no weight to store so", candidates);
    }
    for (String name : candidates) {
      if (sentence.over().isEmpty()
          || sentence.over().stream().anyMatch(pattern -> names(pattern, name))) {
        chosen.put(name, sentence);
      }
    }
  }

  private boolean names(String pattern, String parameter) {
    return PathPattern.matches(pattern, parameter)
        || PathPattern.matches(pattern, wholes.getOrDefault(parameter, parameter));
  }

  /** What is said of a pattern that names none of some weights. */
  static DiagnosticException nothingMatches(
      SourceSpan place, String pattern, Collection<String> candidates) {
    return nothing(place, "no weight matches `" + pattern + "`", candidates);
  }

  private static DiagnosticException nothing(
      SourceSpan place, String message, Collection<String> candidates) {
    Diagnostic problem = Diagnostic.of(DiagnosticCode.NOTHING_TO_COMPRESS, place, message);
    String hint = "products and convolutions with a learned weight can be made of integers";
    return new DiagnosticException(
        problem.withHint(candidates.isEmpty() ? hint : "there are: " + candidates));
  }

  /** The weights whose inputs need calibration, by sentence. */
  Map<String, QuantizeSpec> calibrated() {
    Map<String, QuantizeSpec> calibrated = new LinkedHashMap<>();
    chosen.forEach(
        (name, sentence) -> {
          if (sentence.kind() == Kind.FIXED) {
            calibrated.put(name, sentence);
          }
        });
    return calibrated;
  }

  /** The weights whose types are to be chosen, by sentence, with what they may be stored as. */
  Map<QuantizeSpec, Map<String, Map<Type, Storage.Integers>>> mixed() {
    Map<QuantizeSpec, Map<String, Map<Type, Storage.Integers>>> mixed = new LinkedHashMap<>();
    chosen.forEach(
        (name, sentence) -> {
          if (sentence.type() == Type.MIXED) {
            Map<Type, Storage.Integers> storages = new EnumMap<>(Type.class);
            for (Type type : List.of(Type.INT8, Type.INT4)) {
              storages.put(type, (Storage.Integers) storage(name, sentence.of(type), null));
            }
            mixed.computeIfAbsent(sentence, key -> new LinkedHashMap<>()).put(name, storages);
          }
        });
    // What there is to warn of is said of the types that are decided for.
    warnings.clear();
    return mixed;
  }

  /** Says what weights of mixed types become; those without a type stay as they are. */
  void decide(QuantizeSpec sentence, Map<String, Type> types) {
    chosen
        .entrySet()
        .removeIf(each -> each.getValue().equals(sentence) && !types.containsKey(each.getKey()));
    types.forEach((name, type) -> chosen.put(name, sentence.of(type)));
  }

  /** Of the weights whose inputs need calibration those that learn, ranges of inputs too. */
  Map<String, QuantizeSpec> learnedInputs() {
    Map<String, QuantizeSpec> learned = calibrated();
    learned.values().removeIf(sentence -> sentence.epochs() == 0);
    return learned;
  }

  /**
   * The weights that learn to be integers, by what they will be stored as.
   *
   * @param seen the values of products' inputs by weight, which ranges begin with
   */
  Map<String, Storage.Integers> learned(Map<String, ActivationValues> seen) {
    Map<String, Storage.Integers> learned = new LinkedHashMap<>();
    chosen.forEach(
        (name, sentence) -> {
          boolean learns = sentence.epochs() > 0;
          if (learns
              && storage(name, sentence, seen.get(name)) instanceof Storage.Integers integers) {
            learned.put(name, integers);
          }
        });
    // What there is to warn of is said when all storages are chosen.
    warnings.clear();
    return learned;
  }

  /** How long they learn. */
  int epochs() {
    return chosen.values().stream().mapToInt(QuantizeSpec::epochs).max().orElse(0);
  }

  /**
   * How each chosen parameter is stored.
   *
   * @param seen the values of products' inputs by weight
   * @throws DiagnosticException if values say nothing of a range
   */
  Map<String, Storage> storages(Map<String, ActivationValues> seen) {
    Map<String, Storage> storages = new LinkedHashMap<>();
    chosen.forEach(
        (name, sentence) -> {
          Storage storage = storage(name, sentence, seen.get(name));
          if (storage != null) {
            storages.put(name, storage);
          }
        });
    return storages;
  }

  private Storage storage(String name, QuantizeSpec sentence, ActivationValues seen) {
    if (sentence.type().isFloat()) {
      return halves(name, sentence);
    }
    WeightSite site = sites.get(name);
    int bits = sentence.type() == Type.INT4 ? 4 : 8;
    if (site == null) {
      // A table has a scale a row, which is what is looked up; a bias has one.
      int rank = parameters.get(name).rank();
      int axis = rank > 1 ? 0 : -1;
      return new Storage.Integers(rank == 0 ? 8 : bits, axis, 0, new Inputs.Floats());
    }
    return new Storage.Integers(
        bits, site.axis(), group(site, sentence), inputs(site, sentence, seen));
  }

  private Storage halves(String name, QuantizeSpec sentence) {
    DType dtype = sentence.type() == Type.F16 ? DType.F16 : DType.BF16;
    for (double value : parameters.get(name).data()) {
      if (Double.isFinite(value) && Double.isInfinite(ScalarFunctions.round(dtype, value))) {
        String problem = "`" + name + "` has " + value + ", which " + dtype + " does not reach";
        Diagnostic beyond = Diagnostic.of(DiagnosticCode.BEYOND_RANGE, sentence.span(), problem);
        throw new DiagnosticException(
            beyond.withHint(
                dtype == DType.F16
                    ? "f16 ends at 65,504, bf16 where f32 does: say `quantize weights bf16 over \""
                        + name
                        + "\"` after it"
                    : "leave it out with `over`: it stays as it is"));
      }
    }
    return new Storage.Halves(dtype);
  }

  /** Groups are of a matrix's rows, all of one size; else a scale is a channel's. */
  private int group(WeightSite site, QuantizeSpec sentence) {
    boolean matrix = site.type().rank() == 2 && site.axis() == 1;
    if (sentence.group() == 0 || (matrix && site.terms() % sentence.group() == 0)) {
      return sentence.group();
    }
    warnings.add(
        "`"
            + site.parameter()
            + "` "
            + site.type()
            + " has no groups of "
            + sentence.group()
            + " rows: it has a scale a channel");
    return 0;
  }

  private Inputs inputs(WeightSite site, QuantizeSpec sentence, ActivationValues seen) {
    if (sentence.kind() == Kind.WEIGHTS) {
      return new Inputs.Floats();
    }
    if (!IntegerProducts.canBeCut(site.type())) {
      warnings.add(
          "sums of "
              + site.terms()
              + " products with `"
              + site.parameter()
              + "` may not fit 32 bits: only the weight is of integers");
      return new Inputs.Floats();
    }
    if (sentence.kind() == Kind.DYNAMIC_16 && site.type().rank() != 2) {
      warnings.add("`" + site.parameter() + "` is no matrix: its inputs stay floats");
      return new Inputs.Floats();
    }
    if (sentence.kind() == Kind.DYNAMIC || sentence.kind() == Kind.DYNAMIC_16) {
      return new Inputs.Dynamic(sentence.kind() == Kind.DYNAMIC ? 8 : 16);
    }
    if (seen == null) {
      warnings.add(
          "the loss does not read `"
              + site.parameter()
              + "`, so nothing calibrates its input: ranges are found at each call");
      return new Inputs.Dynamic(8);
    }
    return new Inputs.Fixed(range(site, sentence, seen));
  }

  private static AffineRange range(WeightSite site, QuantizeSpec sentence, ActivationValues seen) {
    if (seen.problem() != null) {
      throw new DiagnosticException(
          Diagnostic.of(
                  DiagnosticCode.BAD_CALIBRATION,
                  sentence.span(),
                  "what is multiplied with `"
                      + site.parameter()
                      + "` has no range: "
                      + seen.problem())
              .withHint("calibrate on more rows, or leave this weight out with `over`"));
    }
    return seen.range(sentence.calibration());
  }

  List<String> warnings() {
    return warnings;
  }
}
