package org.modelc.dsl.recipe;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.modelc.dsl.ast.Argument;
import org.modelc.dsl.ast.Declaration;
import org.modelc.dsl.ast.Expression;
import org.modelc.dsl.ast.Pattern;
import org.modelc.dsl.ast.Requirement;
import org.modelc.dsl.ast.TrainSentence;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.ir.diagnostic.Diagnostics;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.runtime.spec.RecipeSpec;
import org.modelc.runtime.spec.RecipeSpec.AugmentationSpec;
import org.modelc.runtime.spec.RecipeSpec.ClassWeightSpec;
import org.modelc.runtime.spec.RecipeSpec.ClipSpec;
import org.modelc.runtime.spec.RecipeSpec.MeasureSpec;
import org.modelc.runtime.spec.RecipeSpec.MinimizeSpec;
import org.modelc.runtime.spec.RecipeSpec.PenaltySpec;
import org.modelc.runtime.spec.RecipeSpec.RequirementSpec;
import org.modelc.runtime.spec.RecipeSpec.StopSpec;

/** One train block. */
final class TrainElaboration implements TrainSentence.Visitor<Void> {
  private static final int DEFAULT_BATCH = 32;
  private static final int DEFAULT_CHECKPOINT = 1;
  private static final long DEFAULT_SEED = 1;

  private final Declaration.Train block;
  private final ModelShape model;
  private final ElaboratedData data;
  private final Diagnostics diagnostics;
  private final Settings settings;
  private final Map<String, SourceSpan> given = new HashMap<>();
  private final List<MinimizeSpec> minimize = new ArrayList<>();
  private final List<PenaltySpec> penalties = new ArrayList<>();
  private final List<AugmentationSpec> augmentations = new ArrayList<>();
  private final List<MeasureSpec> measures = new ArrayList<>();
  private final List<TrainSentence> afterMeasures = new ArrayList<>();
  private final List<StopSpec> stops = new ArrayList<>();
  private final List<RequirementSpec> requirements = new ArrayList<>();
  private ClassWeightSpec classWeight;
  private ClipSpec clip;
  private DistillSpec distillation;
  private int batch = DEFAULT_BATCH;
  private int epochs;
  private int folds;
  private int checkpoint = DEFAULT_CHECKPOINT;
  private long seed = DEFAULT_SEED;
  private boolean broken;

  /**
   * @param model the model that is trained; null if there is none of its name, which was reported
   * @param data the data block; null likewise
   */
  TrainElaboration(
      Declaration.Train block, ModelShape model, ElaboratedData data, Diagnostics diagnostics) {
    this.block = block;
    this.model = model;
    this.data = data;
    this.diagnostics = diagnostics;
    this.settings = new Settings(diagnostics, model == null ? Map.of() : model.constants());
    this.folds = data == null ? 0 : data.folds();
  }

  /** The spec, with whatever of it was right. */
  RecipeSpec elaborate() {
    block.sentences().forEach(sentence -> sentence.accept(this));
    // Stops and requirements may stand before the measures they name.
    AfterMeasures late = new AfterMeasures();
    afterMeasures.forEach(late::elaborate);
    checkComplete();
    List<MinimizeSpec> complete = new ArrayList<>();
    for (MinimizeSpec each : minimize) {
      complete.add(
          new MinimizeSpec(
              each.loss(), each.over(), each.optimizer(), each.rate(), penalties, clip));
    }
    return new RecipeSpec(
        block.model().text(),
        block.data().text(),
        complete,
        batch,
        epochs,
        stops,
        classWeight,
        folds,
        seed,
        checkpoint,
        augmentations,
        measures,
        requirements);
  }

  private void checkComplete() {
    if (broken) {
      return;
    }
    SourceSpan place = block.model().span();
    if (!given.containsKey("minimize")) {
      diagnostics.add(
          DiagnosticCode.MISSING_SETTING,
          place,
          "the recipe minimises nothing",
          "write minimize loss with adam(1e-3)");
    }
    if (!given.containsKey("epochs")) {
      diagnostics.add(
          DiagnosticCode.MISSING_SETTING,
          place,
          "the recipe does not say how many epochs",
          "write epochs 40");
    }
  }

  /** Remembers a sentence that may stand once; reports a second. */
  private boolean once(String key, SourceSpan span) {
    if (given.putIfAbsent(key, span) == null) {
      return true;
    }
    diagnostics.add(DiagnosticCode.DUPLICATE_SETTING, span, "`" + key + "` is given twice");
    return false;
  }

  /** A whole number in a range; reports what is not, and gives the least then. */
  private int bounded(String what, long value, long least, long most, SourceSpan span) {
    if (value < least || value > most) {
      diagnostics.add(
          DiagnosticCode.BAD_SETTING,
          span,
          what + " is " + value,
          "it lies from " + least + " to " + most);
      return (int) least;
    }
    return (int) value;
  }

  private static List<String> texts(List<Pattern> patterns) {
    return patterns.stream().map(Pattern::text).toList();
  }

  @Override
  public Void visit(TrainSentence.Minimize sentence) {
    given.putIfAbsent("minimize", sentence.span());
    Optional<String> loss = loss(sentence.loss());
    Optional<OptimizerElaboration.Optimizer> optimizer =
        new OptimizerElaboration(settings).optimizer(sentence.optimiser());
    if (loss.isPresent() && optimizer.isPresent()) {
      minimize.add(
          new MinimizeSpec(
              loss.get(),
              texts(sentence.over()),
              optimizer.get().optimizer(),
              optimizer.get().rate(),
              List.of(),
              null));
    }
    return null;
  }

  private Optional<String> loss(Expression expression) {
    if (!(expression instanceof Expression.Reference reference)) {
      diagnostics.add(
          DiagnosticCode.BAD_SETTING,
          expression.span(),
          "a function of the model is minimised",
          "write minimize loss, with fn loss in the model");
      return Optional.empty();
    }
    String name = reference.name().text();
    if (model != null && !model.functions().containsKey(name)) {
      settings.unknown(
          DiagnosticCode.UNKNOWN_NAME,
          reference.span(),
          "function of " + block.model(),
          name,
          model.functions().keySet());
      return Optional.empty();
    }
    return Optional.of(name);
  }

  @Override
  public Void visit(TrainSentence.EachStep sentence) {
    sentence.updates().forEach(update -> update.accept(this));
    return null;
  }

  @Override
  public Void visit(TrainSentence.ClassWeight sentence) {
    if (once("class_weight", sentence.span())) {
      Map<String, Double> weights = new LinkedHashMap<>();
      for (int i = 0; i < sentence.weights().size(); i++) {
        double weight = sentence.weights().get(i);
        if (weight < 0) {
          diagnostics.add(
              DiagnosticCode.BAD_SETTING,
              sentence.span(),
              "the weight " + weight,
              "weights are not negative");
        }
        weights.put(Integer.toString(i), weight);
      }
      String kind = weights.isEmpty() ? "balanced" : "given";
      classWeight = new ClassWeightSpec(kind, sentence.column().text(), weights);
    }
    return null;
  }

  @Override
  public Void visit(TrainSentence.Batch sentence) {
    if (once("batch", sentence.span())) {
      batch = bounded("the batch", sentence.size(), 1, 1 << 24, sentence.span());
    }
    return null;
  }

  @Override
  public Void visit(TrainSentence.Epochs sentence) {
    if (once("epochs", sentence.span())) {
      epochs = bounded("the number of epochs", sentence.count(), 1, 1 << 24, sentence.span());
    }
    return null;
  }

  @Override
  public Void visit(TrainSentence.StopWithoutBetter sentence) {
    afterMeasures.add(sentence);
    return null;
  }

  @Override
  public Void visit(TrainSentence.StopWhenStable sentence) {
    afterMeasures.add(sentence);
    return null;
  }

  @Override
  public Void visit(TrainSentence.Clip sentence) {
    if (once("clip", sentence.span())) {
      if (!(sentence.limit() > 0)) {
        diagnostics.add(
            DiagnosticCode.BAD_SETTING, sentence.span(), "gradients are clipped to more than 0");
      }
      clip = new ClipSpec(sentence.kind().name().toLowerCase(Locale.ROOT), sentence.limit());
    }
    return null;
  }

  @Override
  public Void visit(TrainSentence.Penalty sentence) {
    if (sentence.rate() < 0) {
      diagnostics.add(DiagnosticCode.BAD_SETTING, sentence.span(), "a penalty is not negative");
    }
    String kind = sentence.kind().name().toLowerCase(Locale.ROOT);
    penalties.add(new PenaltySpec(kind, sentence.rate(), texts(sentence.over())));
    return null;
  }

  @Override
  public Void visit(TrainSentence.Validate sentence) {
    if (!once("validate", sentence.span())) {
      return null;
    }
    if (data != null && data.folds() > 0) {
      diagnostics.add(
          DiagnosticCode.DUPLICATE_SETTING,
          sentence.span(),
          "data " + block.data() + " asks for folds already");
    }
    if (sentence.options().stratifiedBy().isPresent() || sentence.options().seed().isPresent()) {
      diagnostics.add(
          DiagnosticCode.BAD_SETTING,
          sentence.span(),
          "the data block says how rows are dealt out",
          "write " + sentence.folds() + " folds stratified by … seed … there");
    }
    folds = bounded("the number of folds", sentence.folds(), 2, 1000, sentence.span());
    return null;
  }

  @Override
  public Void visit(TrainSentence.Checkpoint sentence) {
    if (once("checkpoint", sentence.span())) {
      checkpoint = bounded("epochs", sentence.epochs(), 1, 1 << 24, sentence.span());
    }
    return null;
  }

  @Override
  public Void visit(TrainSentence.Seed sentence) {
    if (once("seed", sentence.span())) {
      seed = sentence.value();
    }
    return null;
  }

  @Override
  public Void visit(TrainSentence.Log sentence) {
    diagnostics.add(
        DiagnosticCode.NOT_IN_THIS_RELEASE,
        sentence.span(),
        "running losses set in the recipe",
        "say modelc train --log-every " + sentence.steps());
    return null;
  }

  @Override
  public Void visit(TrainSentence.Augment sentence) {
    for (Expression change : sentence.transforms()) {
      String kind = Settings.calledName(change).orElse("");
      Vocabulary.Entry entry = Vocabulary.augmentations().get(kind);
      if (entry == null) {
        settings.unknown(
            DiagnosticCode.UNKNOWN_NAME,
            change.span(),
            "augmentation",
            kind,
            Vocabulary.augmentations().keySet());
      } else {
        augmentations.add(
            new AugmentationSpec(kind, sentence.input().text(), options(kind, entry, change)));
      }
    }
    return null;
  }

  private Map<String, Double> options(String kind, Vocabulary.Entry entry, Expression change) {
    Map<String, Double> options = new LinkedHashMap<>();
    int position = 0;
    for (Argument argument : Settings.arguments(change)) {
      boolean named = argument.name().isPresent();
      String name =
          named
              ? argument.name().get().text()
              : position < entry.positional().size() ? entry.positional().get(position++) : "";
      if (entry.positional().contains(name) || entry.options().contains(name)) {
        settings.required(argument, "`" + name + "`").ifPresent(value -> options.put(name, value));
      } else {
        settings.unknown(
            DiagnosticCode.UNKNOWN_ARGUMENT,
            argument.span(),
            kind + " setting",
            name,
            entry.positional());
      }
    }
    return options;
  }

  @Override
  public Void visit(TrainSentence.Distill sentence) {
    if (once("distill", sentence.span()) && model != null) {
      distillation = new DistillElaboration(settings, model).elaborate(sentence).orElse(null);
    }
    return null;
  }

  /** What the model learns from besides its targets; null without a teacher. */
  DistillSpec distillation() {
    return distillation;
  }

  @Override
  public Void visit(TrainSentence.Measure sentence) {
    if (model == null) {
      broken = true;
      return null;
    }
    for (TrainSentence.Measured measured : sentence.measures()) {
      new MeasureElaboration(settings, model)
          .measure(measured)
          .ifPresentOrElse(measure -> add(measure, measured.span()), () -> broken = true);
    }
    return null;
  }

  private void add(MeasureSpec measure, SourceSpan span) {
    if (measures.stream().anyMatch(each -> each.name().equals(measure.name()))) {
      diagnostics.add(
          DiagnosticCode.DUPLICATE_NAME,
          span,
          "two measures are called `" + measure.name() + "`",
          "give one a name: " + span.text() + " as another_name");
      return;
    }
    measures.add(measure);
  }

  @Override
  public Void visit(TrainSentence.Require sentence) {
    afterMeasures.add(sentence);
    return null;
  }

  @Override
  public Void visit(TrainSentence.Broken sentence) {
    broken = true;
    return null;
  }

  /** The sentences that name measures, read when all measures are known. */
  private final class AfterMeasures {
    void elaborate(TrainSentence sentence) {
      if (sentence instanceof TrainSentence.StopWithoutBetter stop) {
        withoutBetter(stop);
      } else if (sentence instanceof TrainSentence.StopWhenStable stop) {
        whenStable(stop);
      } else if (sentence instanceof TrainSentence.Require require) {
        require(require);
      }
    }

    private void withoutBetter(TrainSentence.StopWithoutBetter stop) {
      String name = stop.measure().text();
      List<String> names = new ArrayList<>(measures.stream().map(MeasureSpec::name).toList());
      names.add("loss");
      if (!names.contains(name)) {
        if (!broken) {
          settings.unknown(
              DiagnosticCode.UNKNOWN_MEASURE,
              stop.measure().span(),
              "measure of this recipe",
              name,
              names);
        }
        return;
      }
      if (folds == 0 && data != null && !data.broken() && !data.hasValidation()) {
        diagnostics.add(
            DiagnosticCode.MISSING_SETTING,
            stop.span(),
            "`"
                + name
                + "` is watched on validation rows, of which data "
                + block.data()
                + " has none",
            "give the split a second share: split 70% / 15% / 15%");
      }
      stops.add(
          new StopSpec(
              "metric",
              name,
              0,
              bounded("the number of epochs", stop.epochs(), 1, 1 << 24, stop.span())));
    }

    private void whenStable(TrainSentence.StopWhenStable stop) {
      if (!stop.measure().text().equals("loss")) {
        settings.unknown(
            DiagnosticCode.UNKNOWN_MEASURE,
            stop.measure().span(),
            "training value",
            stop.measure().text(),
            List.of("loss"));
        return;
      }
      stops.add(
          new StopSpec(
              "loss",
              "loss",
              stop.change(),
              bounded("the number of epochs", stop.epochs(), 1, 1 << 24, stop.span())));
    }

    private void require(TrainSentence.Require require) {
      if (broken) {
        return;
      }
      for (Requirement each : require.requirements()) {
        Optional<RequirementSpec> spec =
            new RequirementElaboration(diagnostics, measures).requirement(each);
        spec.ifPresent(requirements::add);
        boolean measured =
            spec.isPresent()
                && measures.stream().anyMatch(one -> one.name().equals(spec.get().name()));
        if (measured && data != null && !data.broken() && folds == 0 && !data.hasTest()) {
          diagnostics.add(
              DiagnosticCode.MISSING_SETTING,
              each.span(),
              "requirements hold on test rows, of which data " + block.data() + " has none",
              "give the split a third share: split 70% / 15% / 15%");
        }
      }
    }
  }
}
