/** What generated typed classes call: raw rows in, results by row out. */
package org.modelc.runtime.typed;
