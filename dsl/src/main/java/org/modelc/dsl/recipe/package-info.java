/**
 * From the tree to specs: data blocks, recipes and the models' learned inputs become the records of
 * {@link org.modelc.runtime.spec}, which the runtime executes. No data is looked at here.
 */
package org.modelc.dsl.recipe;
