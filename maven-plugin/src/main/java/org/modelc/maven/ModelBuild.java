package org.modelc.maven;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.maven.plugin.logging.Log;
import org.modelc.compiler.Compilation;
import org.modelc.compiler.Compiler;
import org.modelc.compiler.Digest;
import org.modelc.compiler.TrainOptions;
import org.modelc.compiler.TrainedModel;
import org.modelc.compiler.jar.LooseModel;
import org.modelc.compiler.jar.ModelArchive;
import org.modelc.compiler.jar.ModelJar;
import org.modelc.compiler.jar.Publishing;
import org.modelc.compiler.report.HtmlReport;

/**
 * Brings a project's models up to date: compiles what changed, trains what must be trained, takes
 * from the cache what was trained before.
 */
final class ModelBuild {
  /** The part of a fingerprint that tells drawn parameters from trained ones. */
  private static final String PARAMETERS = "parameters";

  private final BuildSettings settings;
  private final Log log;
  private final Compilations compilations;
  private final ModelOutputs outputs;

  ModelBuild(BuildSettings settings, Log log, Compilations compilations) {
    this.settings = settings;
    this.log = log;
    this.compilations = compilations;
    this.outputs = new ModelOutputs(settings);
  }

  /** Deletes what models that are gone have left. */
  void retain(List<ModelUnit> units) {
    Set<String> names = units.stream().map(ModelUnit::name).collect(Collectors.toSet());
    outputs.retain(names);
  }

  /** The model's jar of this build. */
  KeptModel built(ModelUnit unit) {
    return new KeptModel(settings.output(), unit.name());
  }

  /** Opens the model's jar of this build, which is made where a goal runs alone after a clean. */
  ModelArchive open(ModelUnit unit) {
    if (!Files.isRegularFile(built(unit).jar())) {
      compile(unit);
    }
    return ModelArchive.open(built(unit).jar());
  }

  private KeptModel cached(ModelUnit unit) {
    return new KeptModel(settings.cache(), unit.name());
  }

  /**
   * Puts out class and resources, with trained parameters if a training of just these inputs is
   * kept, else with freshly drawn ones.
   */
  void compile(ModelUnit unit) {
    Fingerprint inputs = Fingerprint.of(unit, settings);
    if (cached(unit).isOf(inputs)) {
      useCached(unit, inputs);
      return;
    }
    Fingerprint drawn = with(inputs, "drawn");
    if (isUpToDate(unit, drawn)) {
      log.debug(unit.name() + " is up to date");
      return;
    }
    log.info("compiling " + unit.name());
    Compilation compilation = Compiler.compile(unit.source(), unit.options());
    ModelJar jar = Compiler.build(compilation);
    if (unit.outline().isTrained()) {
      compilations.keep(unit.name(), inputs, compilation);
    }
    KeptModel built = built(unit);
    built.unseal();
    jar.write(built.jar(), false);
    putOut(unit, drawn);
  }

  /**
   * Trains a model unless a training of just these inputs is kept.
   *
   * @return whether it has trained parameters now; not if its file does not say how to train it
   */
  boolean train(ModelUnit unit) {
    if (!unit.outline().isTrained()) {
      log.info(unit.name() + " has no train block: its parameters are freshly drawn");
      return false;
    }
    Fingerprint inputs = Fingerprint.of(unit, settings);
    KeptModel cached = cached(unit);
    if (!cached.isOf(inputs)) {
      log.info("training " + unit.name() + reason(cached, inputs));
      keep(unit, trained(unit, inputs), inputs);
    }
    useCached(unit, inputs);
    return true;
  }

  private static String reason(KeptModel cached, Fingerprint inputs) {
    return cached
        .fingerprint()
        .map(old -> ": " + String.join(", ", inputs.changesSince(old)))
        .orElse(": no training of it is kept in " + cached.folder().getFileName());
  }

  private TrainedModel trained(ModelUnit unit, Fingerprint inputs) {
    Compilation compilation =
        compilations.take(
            unit.name(), inputs, () -> Compiler.compile(unit.source(), unit.options()));
    TrainOptions defaults = TrainOptions.defaults().withCompile(unit.options());
    TrainOptions options =
        defaults
            .withEpochs(settings.epochs())
            .withExecution(defaults.execution().withThreads(settings.threads()));
    return Compiler.train(compilation, options, new EpochLog(log, unit.name()));
  }

  private void keep(ModelUnit unit, TrainedModel trained, Fingerprint inputs) {
    KeptModel cached = cached(unit);
    cached.unseal();
    trained.jar().write(cached.jar(), false);
    byte[] page = HtmlReport.render(trained.report()).getBytes(StandardCharsets.UTF_8);
    KeptModel.write(cached.report(), page);
    cached.seal(inputs);
  }

  private void useCached(ModelUnit unit, Fingerprint inputs) {
    Fingerprint trained = with(inputs, "trained");
    if (isUpToDate(unit, trained)) {
      log.debug(unit.name() + " is up to date, trained");
      return;
    }
    log.info(unit.name() + " is trained; its parameters are those kept in " + settings.cache());
    KeptModel built = built(unit);
    built.unseal();
    copy(cached(unit), built);
    putOut(unit, trained);
  }

  private static void copy(KeptModel from, KeptModel to) {
    try {
      Files.createDirectories(to.folder());
      Files.copy(from.jar(), to.jar(), StandardCopyOption.REPLACE_EXISTING);
      Files.copy(from.report(), to.report(), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  private boolean isUpToDate(ModelUnit unit, Fingerprint inputs) {
    return built(unit).isOf(inputs) && outputs.areComplete(unit.name());
  }

  private void putOut(ModelUnit unit, Fingerprint inputs) {
    outputs.write(
        unit.name(), LooseModel.of(ModelArchive.open(built(unit).jar()), settings.publishing()));
    built(unit).seal(inputs);
  }

  private Fingerprint with(Fingerprint inputs, String parameters) {
    Fingerprint copy = new Fingerprint(inputs.parts());
    copy.parts().put(PARAMETERS, parameters);
    Publishing terms = settings.publishing();
    if (!terms.equals(Publishing.NOTHING)) {
      copy.parts().put("licence", String.valueOf(terms.licence()));
      copy.parts().put("intended use", String.valueOf(terms.intendedUse()));
      copy.parts().put("expires", String.valueOf(terms.expires()));
      // A hash of 32 random bytes tells nobody the key.
      copy.parts().put("key", Digest.of(HexFormat.of().formatHex(keyOr(terms))));
    }
    return copy;
  }

  private static byte[] keyOr(Publishing terms) {
    return terms.key() == null ? new byte[0] : terms.key();
  }

  /** Whether the build's jar has trained parameters. */
  boolean isTrained(ModelUnit unit) {
    return built(unit)
        .fingerprint()
        .filter(inputs -> "trained".equals(inputs.parts().get(PARAMETERS)))
        .isPresent();
  }
}
