/**
 * What the language says and what the runtime executes, as one schema: records with their JSON.
 *
 * <p>The records are written and read by {@code Json} and {@code SpecCodec}; component names are
 * the JSON's field names.
 */
package org.modelc.runtime.spec;
