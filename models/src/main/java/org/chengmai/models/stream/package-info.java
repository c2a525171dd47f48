/** The streaming suite: many kinds of evidence on one series, at a constant cost per value. */
@org.jspecify.annotations.NullMarked
package org.chengmai.models.stream;
