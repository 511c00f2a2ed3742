package org.modelc.dsl.recipe;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.modelc.dsl.ast.CompressSentence;
import org.modelc.dsl.ast.CompressSentence.PruneKind;
import org.modelc.dsl.ast.Declaration;
import org.modelc.dsl.ast.Name;
import org.modelc.dsl.ast.Pattern;
import org.modelc.dsl.recipe.CompressSpec.CalibrationSpec;
import org.modelc.dsl.recipe.CompressSpec.FactorizeSpec;
import org.modelc.dsl.recipe.CompressSpec.Kind;
import org.modelc.dsl.recipe.CompressSpec.Method;
import org.modelc.dsl.recipe.CompressSpec.PruneSpec;
import org.modelc.dsl.recipe.CompressSpec.Pruning;
import org.modelc.dsl.recipe.CompressSpec.QuantizeSpec;
import org.modelc.dsl.recipe.CompressSpec.Type;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.ir.diagnostic.Diagnostics;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.runtime.spec.RecipeSpec;
import org.modelc.runtime.spec.RecipeSpec.RequirementSpec;

/** Elaborates a {@code compress} block. */
final class CompressElaboration implements CompressSentence.Visitor<Void> {
  private static final double DEFAULT_PERCENTILE = 99.99;
  private static final long MOST_EPOCHS = 1_000_000;
  private static final long MOST_NEIGHBOURS = 1_000;

  /** Rows that ranges begin with where a sentence that trains them names none. */
  private static final int LEARNED_FROM = 256;

  private static final double WHOLE = 100;
  private static final List<Long> GROUPS = List.of(32L, 64L, 128L);

  private final Declaration.Compress block;
  private final RecipeSpec recipe;
  private final Diagnostics diagnostics;
  private final List<PruneSpec> prune = new ArrayList<>();
  private final List<FactorizeSpec> factorize = new ArrayList<>();
  private final List<QuantizeSpec> quantize = new ArrayList<>();
  private final List<RequirementSpec> requirements = new ArrayList<>();

  /**
   * @param recipe the train block of the model
   */
  CompressElaboration(Declaration.Compress block, RecipeSpec recipe, Diagnostics diagnostics) {
    this.block = block;
    this.recipe = recipe;
    this.diagnostics = diagnostics;
  }

  /** The spec, with whatever of it was right. */
  CompressSpec elaborate() {
    block.sentences().forEach(sentence -> sentence.accept(this));
    if (block.sentences().stream().allMatch(CompressSentence.Require.class::isInstance)) {
      diagnostics.add(
          DiagnosticCode.MISSING_SETTING,
          block.model().span(),
          "the block compresses nothing",
          "write quantize int8 calibrated on 256 of " + recipe.data() + ".train");
    }
    return new CompressSpec(block.model().text(), prune, factorize, quantize, requirements);
  }

  @Override
  public Void visit(CompressSentence.Prune sentence) {
    long epochs = sentence.epochs().orElse(1);
    double share = sentence.amount();
    if (sentence.kind() == PruneKind.N_OF_M) {
      share = 1 - sentence.amount() / sentence.group();
    }
    if (!(share > 0 && share < 1) || sentence.group() > MOST_NEIGHBOURS) {
      bad(
          sentence.span(),
          "this takes away " + share + " of the weights",
          "write a share above 0 and below 1, such as 0.5, or 2:4 for two of four that stay");
    } else if (trainsLongEnough(epochs, sentence.span()) && trainsAtAll(sentence)) {
      prune.add(
          new PruneSpec(
              kind(sentence.kind()),
              share,
              (int) sentence.group(),
              sentence.over().stream().map(Pattern::text).toList(),
              (int) sentence.epochs().orElse(0),
              sentence.rewind(),
              sentence.span()));
    }
    return null;
  }

  /** Movement and rewinding are ways to train; channels that went have no first values to go to. */
  private boolean trainsAtAll(CompressSentence.Prune sentence) {
    boolean movement =
        sentence.kind() == PruneKind.MOVEMENT || sentence.kind() == PruneKind.MOVEMENT_OF_EACH;
    if (sentence.rewind() && (movement || sentence.kind() == PruneKind.STRUCTURED)) {
      bad(
          sentence.span(),
          "only weights chosen by magnitude or n:m rewind",
          "leave out `rewind`, or write prune magnitude 0.8 rewind during 20 epochs");
      return false;
    }
    if ((movement || sentence.rewind()) && sentence.epochs().isEmpty()) {
      bad(
          sentence.span(),
          movement ? "movement is seen in training" : "weights that rewind are trained anew",
          "add `during " + recipe.epochs() + " epochs`");
      return false;
    }
    boolean others =
        prune.stream()
            .anyMatch(
                each -> each.kind() != Pruning.STRUCTURED && each.rewind() != sentence.rewind());
    if (others && sentence.kind() != PruneKind.STRUCTURED) {
      bad(
          sentence.span(),
          "some single weights rewind and others do not",
          "they are trained together: write `rewind` in all of these sentences or in none");
      return false;
    }
    return true;
  }

  private boolean trainsLongEnough(long epochs, SourceSpan span) {
    boolean possible = epochs >= 1 && epochs <= MOST_EPOCHS;
    if (!possible) {
      bad(
          span,
          "training during " + epochs + " epochs",
          "it takes 1 or more; leave out `during` to train no more");
    }
    return possible;
  }

  @Override
  public Void visit(CompressSentence.Factorize sentence) {
    double error = sentence.error();
    if (!(error > 0 && error < 1)) {
      bad(
          sentence.span(),
          "factors with an error of " + error,
          "write a share above 0 and below 1, such as 0.05");
    } else if (trainsLongEnough(sentence.epochs().orElse(1), sentence.span())) {
      factorize.add(
          new FactorizeSpec(
              error,
              sentence.over().stream().map(Pattern::text).toList(),
              (int) sentence.epochs().orElse(0),
              sentence.span()));
    }
    return null;
  }

  private static Pruning kind(PruneKind kind) {
    return switch (kind) {
      case STRUCTURED -> Pruning.STRUCTURED;
      case MAGNITUDE -> Pruning.MAGNITUDE;
      case MAGNITUDE_OF_EACH -> Pruning.MAGNITUDE_OF_EACH;
      case MOVEMENT -> Pruning.MOVEMENT;
      case MOVEMENT_OF_EACH -> Pruning.MOVEMENT_OF_EACH;
      case N_OF_M -> Pruning.N_OF_M;
    };
  }

  private void bad(SourceSpan span, String message, String hint) {
    diagnostics.add(DiagnosticCode.BAD_SETTING, span, message, hint);
  }

  @Override
  public Void visit(CompressSentence.Quantize sentence) {
    boolean trains = sentence.duringTraining() || sentence.epochs().isPresent();
    Optional<Type> type = type(sentence);
    boolean calibrated = !sentence.calibrationData().isEmpty();
    boolean fixed = calibrated || trains;
    Kind kind = fixed ? Kind.FIXED : Kind.DYNAMIC;
    if (sentence.weightsOnly()) {
      kind = sentence.inputs().map(this::inputs).orElse(Kind.WEIGHTS);
    }
    if (type.isEmpty() || !fits(sentence, type.get(), calibrated)) {
      return null;
    }
    CalibrationSpec calibration = calibrated ? calibration(sentence) : null;
    if (calibrated && calibration == null) {
      return null;
    }
    if (kind == Kind.FIXED && !calibrated) {
      calibration = new CalibrationSpec(LEARNED_FROM, Method.MSE, WHOLE);
    }
    quantize.add(
        new QuantizeSpec(
            type.get(),
            kind,
            (int) sentence.group().orElse(0),
            sentence.budget().orElse(0.0),
            sentence.over().stream().map(Pattern::text).toList(),
            calibration,
            sentence.duringTraining() ? recipe.epochs() : (int) sentence.epochs().orElse(0),
            sentence.span()));
    return null;
  }

  private Kind inputs(Name type) {
    return type.text().equals("int16") ? Kind.DYNAMIC_16 : Kind.DYNAMIC;
  }

  private Optional<Type> type(CompressSentence.Quantize sentence) {
    String text = sentence.type().text();
    for (Type type : Type.values()) {
      if (type.name().toLowerCase(Locale.ROOT).equals(text)) {
        return Optional.of(type);
      }
    }
    bad(
        sentence.type().span(),
        "no type `" + text + "`",
        "there are int8, int4, f16 and bf16, and mixed of them");
    return Optional.empty();
  }

  private boolean fits(CompressSentence.Quantize sentence, Type type, boolean calibrated) {
    if (type != Type.INT8 && !sentence.weightsOnly()) {
      String text = sentence.type().text();
      bad(sentence.span(), "only weights are stored in " + text, "write quantize weights " + text);
      return false;
    }
    if (sentence.inputs().isPresent() && !fitsInputs(sentence, type)) {
      return false;
    }
    if (type == Type.MIXED) {
      return fitsMixed(sentence, calibrated);
    }
    if (sentence.budget().isPresent()) {
      bad(
          sentence.span(),
          "`budget` does not fit here",
          "write quantize weights mixed budget 20 %");
      return false;
    }
    if (sentence.weightsOnly() && calibrated) {
      bad(
          sentence.span(),
          "weights alone need no calibration",
          sentence.inputs().isPresent()
              ? "leave out `calibrated`: the ranges of these inputs are found at each call"
              : "leave out `calibrated`, or `weights` if the products shall be of integers");
      return false;
    }
    long epochs = sentence.epochs().orElse(1);
    if (epochs < 1 || epochs > MOST_EPOCHS) {
      bad(sentence.span(), "training during " + epochs + " epochs", "it takes 1 or more");
      return false;
    }
    if (type.isFloat() && (sentence.duringTraining() || sentence.epochs().isPresent())) {
      String text = sentence.type().text();
      bad(sentence.span(), text + " is not learned", "integers are: write weights int4 or int8");
      return false;
    }
    if (sentence.group().isPresent()) {
      boolean known = GROUPS.contains(sentence.group().getAsLong());
      if (!sentence.weightsOnly() || type.isFloat() || !known) {
        bad(
            sentence.span(),
            "`group` does not fit here",
            "weights of int8 or int4 have groups of 32, 64 or 128");
        return false;
      }
    }
    return true;
  }

  /** Ranges of inputs are found at each call, of each row, for weights with a scale a channel. */
  private boolean fitsInputs(CompressSentence.Quantize sentence, Type type) {
    Name inputs = sentence.inputs().orElseThrow();
    String text = inputs.text();
    if (!List.of("int8", "int16").contains(text)) {
      bad(inputs.span(), "no inputs of `" + text + "`", "there are int8 and int16");
    } else if (!sentence.weightsOnly()) {
      bad(
          sentence.span(),
          "`inputs` says what weights are multiplied with",
          "write quantize weights " + sentence.type().text() + " inputs " + text);
    } else if (type == Type.MIXED || type.isFloat()) {
      bad(inputs.span(), "`inputs` does not fit here", "weights of int8 or int4 have them");
    } else if (sentence.group().isPresent()) {
      bad(sentence.span(), "groups do not go with inputs of integers", "leave out one of them");
    } else {
      return true;
    }
    return false;
  }

  /** Which type a weight has is measured, on training rows, so that it says nothing of others. */
  private boolean fitsMixed(CompressSentence.Quantize sentence, boolean calibrated) {
    double budget = sentence.budget().orElse(0.0);
    if (!(budget > 0 && budget < 1)) {
      bad(
          sentence.span(),
          sentence.budget().isPresent() ? "a budget of " + 100 * budget + " %" : "no budget",
          "write how many bytes may be left: quantize weights mixed budget 20 %");
      return false;
    }
    if (!calibrated || sentence.method().isPresent()) {
      bad(
          sentence.span(),
          "mixed types are chosen by the loss on training rows",
          "write calibrated on 256 of " + recipe.data() + ".train");
      return false;
    }
    if (sentence.group().isPresent()
        || sentence.duringTraining()
        || sentence.epochs().isPresent()) {
      bad(
          sentence.span(),
          "mixed types have no groups and are not learned",
          "write sentences of int8 and int4");
      return false;
    }
    return true;
  }

  private CalibrationSpec calibration(CompressSentence.Quantize sentence) {
    long rows = sentence.calibrationRows().orElse(0);
    if (rows < 1 || rows > Integer.MAX_VALUE) {
      bad(
          sentence.span(),
          "calibration looks at " + rows + " rows",
          "it needs 1 or more; 256 often do");
      return null;
    }
    if (!isTraining(sentence.calibrationData())) {
      return null;
    }
    Method method = method(sentence);
    double percentile = sentence.methodNumber().orElse(DEFAULT_PERCENTILE);
    boolean shares = method == Method.PERCENTILE;
    if (method == null || (!shares && sentence.methodNumber().isPresent())) {
      bad(
          sentence.method().map(Name::span).orElse(sentence.span()),
          "no such way to choose a range",
          "there are by mse, by entropy, by min_max and by percentile 99.99");
      return null;
    }
    if (shares && !(percentile > 50 && percentile <= 100)) {
      bad(sentence.span(), "percentile " + percentile, "it lies above 50, up to 100");
      return null;
    }
    return new CalibrationSpec((int) rows, method, shares ? percentile : 100);
  }

  /** Ranges are learned, so test and validation rows stay unseen. */
  private boolean isTraining(List<Name> data) {
    Name name = data.get(0);
    if (!name.text().equals(recipe.data())) {
      diagnostics.add(
          DiagnosticCode.UNKNOWN_NAME,
          name.span(),
          "model " + block.model() + " is not trained on `" + name + "`",
          "its data is " + recipe.data());
      return false;
    }
    if (data.size() > 1 && !data.get(1).text().equals("train")) {
      diagnostics.add(
          DiagnosticCode.DATA_LEAK,
          data.get(1).span(),
          "calibration on " + data.get(1) + " rows",
          "ranges are learned: write " + name + ".train");
      return false;
    }
    return true;
  }

  private static Method method(CompressSentence.Quantize sentence) {
    if (sentence.method().isEmpty()) {
      return Method.MSE;
    }
    for (Method method : Method.values()) {
      if (method.name().toLowerCase(Locale.ROOT).equals(sentence.method().get().text())) {
        return method;
      }
    }
    return null;
  }

  @Override
  public Void visit(CompressSentence.Require sentence) {
    RequirementElaboration elaboration =
        RequirementElaboration.ofCompressed(diagnostics, recipe.measures());
    sentence
        .requirements()
        .forEach(each -> elaboration.requirement(each).ifPresent(requirements::add));
    return null;
  }

  @Override
  public Void visit(CompressSentence.Broken sentence) {
    return null;
  }
}
