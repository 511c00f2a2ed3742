/**
 * From syntax tree to graphs: functions and layers are unfolded at each use and checked there, with
 * static dims already numbers. Entry: {@link org.modelc.dsl.elaborate.ModelElaborator}.
 */
package org.modelc.dsl.elaborate;
