/**
 * Rows: datasets by random access, columns computed from columns, filters, and divisions into
 * training, validation and test rows.
 */
package org.modelc.runtime.data;
