/**
 * What operators' feedback teaches: how likely an alarm is about something real. Pure evaluation;
 * Tribuo trains it.
 */
@NullMarked
package org.chengmai.models.feedback;

import org.jspecify.annotations.NullMarked;
