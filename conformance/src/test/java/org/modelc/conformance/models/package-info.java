/** The models of {@code models/}, trained on their data and held to their requirements. */
package org.modelc.conformance.models;
