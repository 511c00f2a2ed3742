/**
 * Readers: files become {@link org.modelc.runtime.data.Dataset}s. Each format has a package; {@link
 * org.modelc.data.Readers} chooses.
 */
package org.modelc.data;
