package org.modelc.maven;

import java.nio.file.Path;
import org.modelc.compiler.CompileOptions;
import org.modelc.compiler.jar.Publishing;

/**
 * What a project says of its models, apart from Maven's own types.
 *
 * @param models the folder of model files; folders in it are Java packages
 * @param compile backend, platforms, and the Java package of models that lie in no folder
 * @param cache where trainings are kept, outside of what {@code clean} deletes
 * @param output a folder of the build's own: jars, reports and what they were made from
 * @param sources where typed classes go
 * @param resources where manifests, parameters and programs go
 * @param root the folder that data must lie in
 * @param externalData whether data may lie elsewhere
 * @param epochs the most epochs of a training; 0 for those of the recipe
 * @param threads the most threads of a training; 0 for all processors
 * @param publishing what is asked of those who use the models; what is kept knows nothing of it
 */
record BuildSettings(
    Path models,
    CompileOptions compile,
    Path cache,
    Path output,
    Path sources,
    Path resources,
    Path root,
    boolean externalData,
    int epochs,
    int threads,
    Publishing publishing) {}
