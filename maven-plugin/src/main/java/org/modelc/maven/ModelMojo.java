package org.modelc.maven;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.apache.maven.artifact.Artifact;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.modelc.compiler.Backend;
import org.modelc.compiler.CompileOptions;
import org.modelc.compiler.Compiler;
import org.modelc.compiler.schedule.ScheduleFile;
import org.modelc.runtime.ModelcException;

/** What all goals share: where models lie, where their outputs go. */
abstract class ModelMojo extends AbstractMojo {
  @Parameter(defaultValue = "${project}", readonly = true, required = true)
  private MavenProject project;

  @Parameter(defaultValue = "${session}", readonly = true, required = true)
  private MavenSession session;

  /** The folder of model files; folders in it are the Java packages of their classes. */
  @Parameter(property = "modelc.models", defaultValue = "${project.basedir}/src/main/model")
  private File modelDirectory;

  /** The Java package of models that lie in no folder of {@link #modelDirectory}. */
  @Parameter(property = "modelc.package", defaultValue = CompileOptions.PACKAGE)
  private String packageName;

  /**
   * What runs the models: {@code native}, the default where LLVM for the machine is on the plugin's
   * class path, {@code jvm}, or {@code cuda}; every jar has the bytecode besides.
   */
  @Parameter(property = "modelc.backend")
  private String backend;

  /**
   * Platforms of native code, such as {@code linux-x86_64,macos-aarch64}; this machine's if none.
   */
  @Parameter(property = "modelc.platforms")
  private List<String> platforms;

  /**
   * GPUs whose machine code jars of the backend {@code cuda} carry beside PTX, such as {@code
   * sm_86,sm_90}; all that modelc knows if none.
   */
  @Parameter(property = "modelc.gpus")
  private List<String> gpus;

  /**
   * Schedules of native kernels, as {@code modelc build --tune} writes them; the cost model's if
   * none.
   */
  @Parameter(property = "modelc.schedules")
  private File schedules;

  /** Where trainings are kept. Not under {@code target}, so that {@code clean} loses none. */
  @Parameter(property = "modelc.cache", defaultValue = "${project.basedir}/.modelc")
  private File cacheDirectory;

  /** Jars, reports and notes of this build. */
  @Parameter(defaultValue = "${project.build.directory}/modelc")
  private File outputDirectory;

  /** Where typed classes go; compiled with the project. */
  @Parameter(defaultValue = "${project.build.directory}/generated-sources/modelc")
  private File sourceDirectory;

  /** Where parameters, manifests and programs go; part of the project's jar. */
  @Parameter(defaultValue = "${project.build.directory}/generated-resources/modelc")
  private File resourceDirectory;

  /** Whether data blocks may read files outside the project. */
  @Parameter(property = "modelc.externalData", defaultValue = "false")
  private boolean externalData;

  /** At most so many epochs, in place of the recipe's; for a quick look. */
  @Parameter(property = "modelc.epochs", defaultValue = "0")
  private int epochs;

  /** At most so many threads of a training; 0 for all processors. The result is the same. */
  @Parameter(property = "modelc.threads", defaultValue = "0")
  private int threads;

  /** The models' licence; what their files say if nothing. */
  @Parameter(property = "modelc.licence")
  private String licence;

  /** What the models are for; what their files say if nothing. */
  @Parameter(property = "modelc.intendedUse")
  private String intendedUse;

  /** The last day, in UTC, on which the models load: {@code 2026-12-31}. */
  @Parameter(property = "modelc.expires")
  private String expires;

  /**
   * Whether parameters are put out encrypted, with the key that the environment variables
   * MODELC_KEY or MODELC_KEY_FILE give.
   */
  @Parameter(property = "modelc.encrypt", defaultValue = "false")
  private boolean encrypt;

  /** A file with the key to encrypt parameters with: 64 hexadecimal digits. */
  @Parameter(property = "modelc.keyFile")
  private File keyFile;

  /** Does nothing. */
  @Parameter(property = "modelc.skip", defaultValue = "false")
  private boolean skip;

  @Override
  public final void execute() throws MojoExecutionException, MojoFailureException {
    if (skip) {
      getLog().info("skipped");
      return;
    }
    Failures.told(
        getLog(),
        () -> {
          requireJdk(ToolProvider.getSystemJavaCompiler());
          BuildSettings settings = settings();
          List<ModelUnit> units = new ModelUnits(settings).find();
          if (units.isEmpty()) {
            getLog().info("no models in " + settings.models());
          }
          run(settings, units);
        });
  }

  /** The goal's work. */
  abstract void run(BuildSettings settings, List<ModelUnit> units)
      throws MojoFailureException, MojoExecutionException;

  MavenProject project() {
    return project;
  }

  ModelBuild build(BuildSettings settings) {
    return new ModelBuild(settings, getLog(), Compilations.in(getPluginContext()));
  }

  private BuildSettings settings() {
    File root = session.getRequest().getMultiModuleProjectDirectory();
    Path base = (root == null ? project.getBasedir() : root).toPath();
    return new BuildSettings(
        path(modelDirectory),
        compileOptions(),
        path(cacheDirectory),
        path(outputDirectory),
        path(sourceDirectory),
        path(resourceDirectory),
        base.toAbsolutePath().normalize(),
        externalData,
        epochs,
        threads,
        new PublishingTerms(licence, intendedUse, expires, encrypt, keyFile).read(System.getenv()));
  }

  CompileOptions compileOptions() {
    CompileOptions options = CompileOptions.defaults().withPackage(packageName);
    if (platforms != null) {
      options = options.withPlatforms(platforms);
    }
    if (gpus != null) {
      options = options.withGpus(gpus);
    }
    if (backend != null) {
      options = options.withBackend(backendNamed(backend));
    }
    if (!options.gpus().isEmpty() && options.backend() != Backend.CUDA) {
      throw new ModelcException(
          "<gpus> names GPUs, and the backend " + options.backend() + " makes no code for them",
          "leave it out, or add <backend>cuda</backend>");
    }
    return schedules == null ? options : options.withSchedules(ScheduleFile.read(path(schedules)));
  }

  /**
   * A backend by its name.
   *
   * @throws ModelcException if there is none of this name
   */
  static Backend backendNamed(String name) {
    for (Backend each : Backend.values()) {
      if (each.toString().equals(name)) {
        return each;
      }
    }
    throw new ModelcException(
        "there is no backend `" + name + "`", "there are " + Arrays.toString(Backend.values()));
  }

  private static Path path(File file) {
    return file.toPath().toAbsolutePath().normalize();
  }

  /** A Java runtime without development tools has no compiler. */
  static void requireJdk(JavaCompiler compiler) {
    if (compiler == null) {
      throw new ModelcException(
          "this Java has no compiler: " + System.getProperty("java.home"),
          "models are compiled with javac; run Maven with a JDK of version 17 or newer (JAVA_HOME)");
    }
  }

  /**
   * The typed class needs the runtime, of the very version.
   *
   * @throws ModelcException with the lines to add to the project
   */
  void requireRuntime() {
    String wanted = Compiler.version();
    String found =
        project.getArtifacts().stream()
            .filter(each -> each.getGroupId().equals("org.modelc"))
            .filter(each -> each.getArtifactId().equals("modelc-runtime"))
            .map(Artifact::getBaseVersion)
            .findFirst()
            .orElse(null);
    if (!wanted.equals(found)) {
      throw new ModelcException(
          found == null
              ? "the project does not depend on modelc-runtime, which models' classes need"
              : "the project has modelc-runtime " + found + ", the plugin is " + wanted,
          "<dependency><groupId>org.modelc</groupId><artifactId>modelc-runtime</artifactId><version>"
              + wanted
              + "</version></dependency>");
    }
  }

  /** Makes sources and resources part of the project. */
  void addOutputs(BuildSettings settings) {
    project.addCompileSourceRoot(settings.sources().toString());
    String folder = settings.resources().toString();
    boolean known =
        project.getBuild().getResources().stream()
            .anyMatch(each -> folder.equals(each.getDirectory()));
    if (!known) {
      org.apache.maven.model.Resource resource = new org.apache.maven.model.Resource();
      resource.setDirectory(folder);
      resource.setFiltering(false);
      project.addResource(resource);
    }
  }
}
