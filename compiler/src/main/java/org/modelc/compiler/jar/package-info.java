/** Model jars: reproducible archives of classes, manifest, parameters and source. */
package org.modelc.compiler.jar;
