// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/gui/view_figures.h"

#include "gui/models/machine_table_model.h"
#include "gui/presenters/go_to_presenter.h"
#include "gui/presenters/machine_facets.h"
#include "gui/widgets/hash_ring_view.h"
#include "tests/gui/support/machine_fleet.h"

namespace ifrit::bench {

namespace {

constexpr int kRounds = 21;
constexpr std::uint32_t kPart = 5'000;  // rows of one message of the stream
constexpr std::uint32_t kBatches = 20;
constexpr std::uint32_t kVirtualNodes = 8'192;
constexpr std::uint64_t kDots = 20'000;

std::shared_ptr<gui::models::RingContent> largeRing() {
    using gui::models::StatusKind;
    const domain::HashRing ring({kBatches, kVirtualNodes, 4711});
    auto content = std::make_shared<gui::models::RingContent>();
    content->nodes = std::make_shared<const std::vector<domain::HashRing::Node>>(ring.nodes());
    const auto shares = domain::sharesOf(*content->nodes, kBatches);
    for (std::uint32_t batch = 1; batch <= kBatches; ++batch) {
        content->batches.push_back({batch,
                                    QStringLiteral("Batch %1").arg(batch),
                                    {StatusKind::Run, QStringLiteral("open")},
                                    shares[batch - 1],
                                    kVirtualNodes,
                                    100 * batch,
                                    0});
    }
    for (std::uint64_t dot = 0; dot < kDots; ++dot) {
        content->dots.push_back({dot * (UINT64_MAX / kDots),
                                 1,
                                 {StatusKind::Fail, QStringLiteral("failed")},
                                 "i" + std::to_string(dot)});
    }
    return content;
}

}  // namespace

void searchPalette(Figures& figures, gui::app::Desktop& desktop) {
    const gui::presenters::GoToPresenter palette(
        {desktop.feed, desktop.connections, desktop.packages, desktop.releases, desktop.release,
         desktop.campaigns},
        {{}, {}, {}, {}, {}, {}, {}, [] { return std::vector<gui::models::GoToEntry>(); }});
    const auto took = timesOf(kRounds, [&](int) { palette.find(QStringLiteral("zebra")); });
    figures.atMost("desktop_palette_search", medianOf(took), 50, "ms");
}

void repaintRing(Figures& figures, const gui::widgets::Theme& theme) {
    gui::widgets::HashRingView view(theme, nullptr);
    view.resize(300, 292);
    view.show();
    const auto content = largeRing();
    const auto whole = timesOf(kRounds, [&](int) {
        view.setContent(std::make_shared<gui::models::RingContent>(*content));
        view.repaint();
    });
    figures.atMost("desktop_ring_repaint", medianOf(whole), 10, "ms");
}

void countFacets(Figures& figures, std::uint32_t machines) {
    const base::SystemClock clock;
    const gui::models::TimeText times(clock);
    gui::models::PoolWorker worker;
    gui::models::FleetStore store;
    tests::MachineFleet fleet(machines, base::toUnixMillis(clock.now()),
                              tests::MachineFleet::Labels::Own);
    for (std::uint32_t first = 0; first < machines; first += kPart)
        store.apply(fleet.snapshotPart(first, kPart));
    const gui::models::MachineTableModel table(store, times, worker);
    waitFor([&] { return !table.ordering(); });
    gui::presenters::MachineFacets facets;
    const auto took = timesOf(kRounds, [&](int) { facets.of(store, table, {}); });
    figures.atMost("desktop_facets", medianOf(took), 50, "ms");
}

}  // namespace ifrit::bench
