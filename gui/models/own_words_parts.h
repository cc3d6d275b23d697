// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/models/sentence_patterns.h"

namespace ifrit::gui::models {

/// What stands in for a place of a master's line: how long, how many, which stage, what a gate
/// counts, what has a cost.
const SentencePatterns& partPatterns();

/// Why an agent failed; also what stands in for a place of them.
const SentencePatterns& failurePatterns();

}  // namespace ifrit::gui::models
