package org.modelc.dsl.recipe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.dsl.ast.DataSentence;
import org.modelc.dsl.ast.Declaration;
import org.modelc.dsl.ast.Name;
import org.modelc.dsl.ast.SplitOptions;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.ir.diagnostic.Diagnostics;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.runtime.spec.DataSpec;
import org.modelc.runtime.spec.DataSpec.ColumnExpression;
import org.modelc.runtime.spec.DataSpec.DerivedColumn;
import org.modelc.runtime.spec.DataSpec.FilterSpec;
import org.modelc.runtime.spec.DataSpec.SourceSpec;
import org.modelc.runtime.spec.DataSpec.SplitSpec;

/** One data block. */
final class DataElaboration implements DataSentence.Visitor<Void> {
  private static final String SPLIT_EXAMPLE = "write split 70% / 15% / 15% seed 1, or 5 folds";

  private final Declaration.Data block;
  private final Settings settings;
  private final Diagnostics diagnostics;
  private final Map<String, SourceSpec> sources = new LinkedHashMap<>();
  private final Map<String, SourceSpan> places = new LinkedHashMap<>();
  private final List<FilterSpec> filters = new ArrayList<>();
  private final List<DerivedColumn> derived = new ArrayList<>();
  private SplitSpec split;
  private int folds;
  private boolean broken;

  DataElaboration(Declaration.Data block, Diagnostics diagnostics) {
    this.block = block;
    this.diagnostics = diagnostics;
    this.settings = new Settings(diagnostics, Map.of());
  }

  /** The spec, with whatever of it was right. */
  ElaboratedData elaborate() {
    block.sentences().forEach(sentence -> sentence.accept(this));
    checkSources();
    checkSplit();
    DataSpec spec =
        new DataSpec(
            block.name().text(), new ArrayList<>(sources.values()), filters, derived, split);
    return new ElaboratedData(spec, folds, broken);
  }

  private void checkSources() {
    if (broken) {
      return;
    }
    SourceSpan place = block.name().span();
    if (!sources.containsKey("rows") && !sources.containsKey("train")) {
      diagnostics.add(
          DiagnosticCode.MISSING_SETTING,
          place,
          "data " + block.name() + " has no training rows",
          "write rows = csv(\"rows.csv\")");
    } else if (sources.containsKey("rows") && sources.containsKey("train")) {
      diagnostics.add(
          DiagnosticCode.BAD_SETTING,
          places.get("train"),
          "`rows` are split, `train` are not: give one of them");
    }
    for (String part : List.of("validation", "test")) {
      for (String other : List.of("rows", "train", "validation")) {
        checkApart(part, other);
      }
    }
  }

  private void checkApart(String part, String other) {
    SourceSpec one = sources.get(part);
    SourceSpec two = sources.get(other);
    if (one != null && two != null && !part.equals(other) && one.paths().equals(two.paths())) {
      diagnostics.add(
          DiagnosticCode.DATA_LEAK,
          places.get(part),
          "`" + part + "` and `" + other + "` read the same file " + one.paths().values(),
          "divide one file with split");
    }
  }

  private void checkSplit() {
    boolean needed = sources.containsKey("rows") && !sources.containsKey("test");
    if (split == null && needed && !broken) {
      diagnostics.add(
          DiagnosticCode.MISSING_SETTING,
          block.name().span(),
          "data " + block.name() + " does not say how its rows are divided",
          SPLIT_EXAMPLE);
    }
    if (split == null) {
      return;
    }
    checkShare("test", split.test());
    checkShare("validation", split.validation());
  }

  private void checkShare(String part, double share) {
    if (share > 0 && sources.containsKey(part)) {
      diagnostics.add(
          DiagnosticCode.BAD_SETTING,
          places.get("split"),
          "the split cuts " + part + " rows, which have a source of their own",
          "give the split 0% there");
    }
  }

  private boolean first(String key, SourceSpan span, String what) {
    if (places.putIfAbsent(key, span) == null) {
      return true;
    }
    diagnostics.add(DiagnosticCode.DUPLICATE_SETTING, span, what + " is given twice");
    return false;
  }

  @Override
  public Void visit(DataSentence.Definition sentence) {
    String name = sentence.name().text();
    if (SourceElaboration.isSource(sentence)) {
      SourceSpec source = new SourceElaboration(settings).source(sentence);
      broken |= source == null;
      if (source != null && first(name, sentence.name().span(), "`" + name + "`")) {
        sources.put(name, source);
      }
      return null;
    }
    ColumnExpression value = sentence.value().accept(new ColumnExpressions(settings));
    if (value != null && first("column " + name, sentence.name().span(), "`" + name + "`")) {
      derived.add(new DerivedColumn(name, value));
    }
    return null;
  }

  @Override
  public Void visit(DataSentence.Split sentence) {
    double total = sentence.training() + sentence.validation() + sentence.test();
    if (Math.abs(total - 1) > 1e-9) {
      diagnostics.add(
          DiagnosticCode.SPLIT_TOTAL,
          sentence.span(),
          "the shares add up to " + percent(total),
          "training, validation and test rows together are 100%");
    } else if (sentence.training() <= 0 || sentence.validation() < 0 || sentence.test() < 0) {
      diagnostics.add(DiagnosticCode.BAD_SETTING, sentence.span(), "shares must not be negative");
    } else if (first("split", sentence.span(), "the split")) {
      split = spec(sentence.training(), sentence.validation(), sentence.test(), sentence.options());
      return null;
    }
    broken = true;
    return null;
  }

  private static String percent(double share) {
    double rounded = Math.round(share * 1e6) / 1e4;
    return (rounded == Math.rint(rounded) ? Long.toString((long) rounded) : rounded + "") + "%";
  }

  private static SplitSpec spec(
      double training, double validation, double test, SplitOptions options) {
    String by = options.stratifiedBy().map(Name::text).orElse(null);
    String kind = options.ordered() ? "ordered" : by == null ? "random" : "stratified";
    return new SplitSpec(kind, training, validation, test, by, options.seed().orElse(1));
  }

  @Override
  public Void visit(DataSentence.Folds sentence) {
    if (sentence.count() < 2 || sentence.count() > 1000) {
      diagnostics.add(
          DiagnosticCode.BAD_SETTING,
          sentence.span(),
          sentence.count() + " folds",
          "cross-validation takes from 2 to 1000");
      broken = true;
    } else if (first("split", sentence.span(), "the split")) {
      folds = (int) sentence.count();
      split = spec(1, 0, 0, sentence.options());
    }
    return null;
  }

  @Override
  public Void visit(DataSentence.DropMissing sentence) {
    filters.add(new FilterSpec("drop_missing", texts(sentence.columns()), Map.of()));
    return null;
  }

  @Override
  public Void visit(DataSentence.DropDuplicates sentence) {
    filters.add(new FilterSpec("drop_duplicates", List.of(), Map.of()));
    return null;
  }

  @Override
  public Void visit(DataSentence.Outliers sentence) {
    String kind =
        switch (sentence.action()) {
          case CLIP -> "clip_outliers";
          case DROP -> "drop_outliers";
        };
    String method =
        switch (sentence.method()) {
          case IQR -> "iqr";
          case Z -> "z";
        };
    if (sentence.factor() <= 0) {
      diagnostics.add(
          DiagnosticCode.BAD_SETTING,
          sentence.span(),
          "the factor must be greater than 0",
          "usual are iqr 1.5 and z 3");
    }
    filters.add(
        new FilterSpec(
            kind,
            texts(sentence.columns()),
            Map.of("method", method, "factor", sentence.factor())));
    return null;
  }

  @Override
  public Void visit(DataSentence.Broken sentence) {
    broken = true;
    return null;
  }

  private static List<String> texts(List<Name> names) {
    return names.stream().map(Name::text).toList();
  }
}
