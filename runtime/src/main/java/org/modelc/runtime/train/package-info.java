/**
 * Training: what happens between the steps of a compiled training program. See {@link
 * org.modelc.runtime.train.Trainer}.
 */
package org.modelc.runtime.train;
