/** Pictures: single files and folders of them, decoded to channels, height, width. */
package org.modelc.data.image;
