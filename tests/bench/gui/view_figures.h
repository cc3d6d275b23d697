// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "gui/app/desktop.h"
#include "gui/widgets/theme.h"
#include "tests/bench/gui/bench_figures.h"

namespace ifrit::bench {

/// A word that no machine has: the worst there is.
void searchPalette(Figures& figures, gui::app::Desktop& desktop);
/// A ring of 20 batches of 8,192 virtual nodes with 20,000 failing machines.
void repaintRing(Figures& figures, const gui::widgets::Theme& theme);
/// The chips over a table of all `machines`, each with a text of labels of its own. Holds a fleet
/// for as long as it takes.
void countFacets(Figures& figures, std::uint32_t machines);

}  // namespace ifrit::bench
