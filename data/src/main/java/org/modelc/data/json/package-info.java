/** JSON lines, and single JSON values as rows. */
package org.modelc.data.json;
