// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/map/map_page.h"

#include <QScrollArea>

#include "gui/pages/freeze_button.h"
#include "gui/pages/map/legend_button.h"
#include "gui/widgets/cluster_tile.h"
#include "gui/widgets/figure_strip.h"
#include "gui/widgets/machine_map.h"
#include "gui/widgets/share_bar.h"

namespace ifrit::gui::pages {

using presenters::MapPresenter;

namespace {

/// A tile, and the bar where there are too many.
constexpr int kTilesWidth = 288;

}  // namespace

MapPage::MapPage(const widgets::Theme& theme, MapPresenter& presenter,
                 presenters::FreezePresenter& freeze, QWidget* parent)
    : Page(theme, parent),
      m_presenter(presenter),
      m_groupLabel(widgets::mutedLabel({}, this)),
      m_groupBy(new QComboBox(this)),
      m_failing(new QPushButton(this)),
      m_freeze(freeze),
      m_freezeButton(new FreezeButton(theme, freeze, this)),
      m_frozen(bannerLabel(this)),
      m_strip(new widgets::FigureStrip(theme, this)),
      m_versions(new widgets::ShareBar(theme, this)),
      m_releases(new QPushButton(this)),
      m_tiles(new QVBoxLayout),
      m_panel(new widgets::Panel(theme, this)),
      m_map(new widgets::MachineMap(theme, this)),
      m_legend(new QHBoxLayout),
      m_legendHint(widgets::mutedLabel({}, this)) {
    build();
    m_map->setDescriber([this](std::uint32_t row) { return m_presenter.describe(row); });
    m_map->setNamer([this](std::uint32_t row) { return m_presenter.uuidOf(row); });
    connect(m_map, &widgets::MachineMap::opened, this,
            [this](std::uint32_t row) { Q_EMIT machineWanted(m_presenter.uuidOf(row)); });
    connect(m_groupBy, &QComboBox::activated, this, [this](int index) {
        m_presenter.setGroupBy(static_cast<MapPresenter::GroupBy>(index));
    });
    connect(m_failing, &QPushButton::clicked, this, &MapPage::toggleFailing);
    connect(m_releases, &QPushButton::clicked, this, &MapPage::releasesWanted);
    connect(this, &PageFrame::noticeActed, this, [this] {
        if (m_presenter.notice().state == models::ViewState::Empty) {
            Q_EMIT connectionsWanted();
        } else {
            m_presenter.refresh();
        }
    });
    connect(&presenter, &MapPresenter::changed, this, [this] {
        if (isVisible()) update();
    });
    connect(&freeze, &presenters::FreezePresenter::changed, this, [this] {
        if (isVisible()) update();
    });
    retranslate();
}

void MapPage::build() {
    actions()->addWidget(m_groupLabel);
    actions()->addWidget(m_groupBy);
    actions()->addWidget(m_failing);
    actions()->addWidget(m_freezeButton);
    m_releases->setProperty("look", QLatin1String("chip"));
    m_strip->addAtRight(m_versions);
    m_strip->addAtRight(m_releases);
    body()->addWidget(m_frozen);
    body()->addWidget(m_strip);
    auto* row = new QHBoxLayout;
    row->setSpacing(12);
    m_tiles->setSpacing(12);
    m_tiles->addStretch(1);
    auto* tiles = new QWidget(this);
    tiles->setLayout(m_tiles);
    m_tiles->setContentsMargins(0, 0, 0, 0);
    auto* scroll = new QScrollArea(this);
    scroll->setWidget(tiles);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFixedWidth(kTilesWidth);
    tiles->setObjectName(QStringLiteral("tiles"));
    row->addWidget(scroll, 0);
    m_panel->body()->addWidget(m_map, 1);
    m_legend->setSpacing(6);
    m_legend->addStretch(1);
    m_legend->addWidget(m_legendHint);
    m_panel->body()->addLayout(m_legend);
    row->addWidget(m_panel, 1);
    body()->addLayout(row, 1);
}

void MapPage::retranslate() {
    setTitle(tr("Cluster map"));
    m_groupLabel->setText(tr("group by"));
    m_groupBy->clear();
    m_groupBy->addItems({tr("batch"), tr("pin"), tr("type"), tr("nothing")});
    m_groupBy->setCurrentIndex(static_cast<int>(m_presenter.groupBy()));
    m_groupBy->setAccessibleName(tr("Group machines by"));
    m_failing->setText(withKey(tr("Failing only"), QStringLiteral("failing")));
    m_legendHint->setText(tr("click to filter, double click for the list"));
    update();
}

void MapPage::showEvent(QShowEvent* event) {
    Page::showEvent(event);
    update();
}

void MapPage::update() {
    show(m_presenter.notice());
    m_frozen->setText(m_freeze.line());
    m_frozen->setVisible(!m_frozen->text().isEmpty());
    m_strip->setFigures(m_presenter.figures());
    QList<widgets::ShareBar::Share> shares;
    for (const MapPresenter::VersionShare& share : m_presenter.versions())
        shares.append({share.version, share.machines});
    m_versions->setShares(tr("%1, versions").arg(m_presenter.leadingAgent()), shares);
    m_versions->setVisible(!shares.isEmpty());
    const qint64 running = m_presenter.runningReleases();
    // What is paused or halted is counted too: it has not ended, and does not run.
    m_releases->setText(
        tr("%1 open release(s)", "", models::pluralOf(running)).arg(models::grouped(running)));
    m_releases->setVisible(running > 0);
    updateTiles();
    const auto cards = m_presenter.cards();
    setFacts(m_presenter.fleetLine());
    m_panel->setHeading(
        cards.isEmpty() ? QString() : cards.front().name,
        tr("%1 machine(s) · one cell each", "", models::pluralOf(m_presenter.total()))
            .arg(models::grouped(m_presenter.total())));
    m_map->setGroups(m_presenter.groups());
    updateLegend();
}

void MapPage::updateTiles() {
    const QList<models::ClusterCard> cards = m_presenter.cards();
    while (m_tileList.size() < cards.size()) {
        auto* tile = new widgets::ClusterTile(theme(), this);
        m_tiles->insertWidget(static_cast<int>(m_tileList.size()), tile);
        const int index = static_cast<int>(m_tileList.size());
        connect(tile, &QAbstractButton::clicked, this, [this, index] {
            const int master = m_presenter.masterOfCard(index);
            if (master >= 0) Q_EMIT clusterWanted(master);
        });
        m_tileList.append(tile);
    }
    for (qsizetype i = 0; i < m_tileList.size(); ++i) {
        m_tileList[i]->setVisible(i < cards.size());
        if (i < cards.size()) m_tileList[i]->setCard(cards[i]);
    }
}

void MapPage::updateLegend() {
    const auto entries = m_presenter.legend();
    while (m_legendButtons.size() < static_cast<qsizetype>(entries.size())) {
        const auto index = static_cast<std::size_t>(m_legendButtons.size());
        auto* button = new LegendButton(theme(), this);
        m_legend->insertWidget(static_cast<int>(index), button);
        connect(button, &QAbstractButton::clicked, this, [this, index] {
            const auto now = m_presenter.legend();
            if (index < now.size()) m_presenter.toggle(now[index].bucket);
        });
        connect(button, &LegendButton::opened, this, [this, index] {
            const auto now = m_presenter.legend();
            if (index < now.size()) Q_EMIT filterWanted(MapPresenter::filterOf(now[index].bucket));
        });
        m_legendButtons.append(button);
    }
    m_filtered = false;
    for (std::size_t i = 0; i < static_cast<std::size_t>(m_legendButtons.size()); ++i) {
        LegendButton* button = m_legendButtons[static_cast<qsizetype>(i)];
        button->setVisible(i < entries.size());
        if (i >= entries.size()) continue;
        button->setEntry(entries[i].look, entries[i].machines, entries[i].chosen);
        m_filtered = m_filtered || entries[i].chosen;
    }
}

void MapPage::toggleFailing() {
    m_presenter.toggle(MapPresenter::Bucket::Failed);
}

bool MapPage::escape() {
    if (!m_filtered) return false;
    m_presenter.clearFilter();
    return true;
}

}  // namespace ifrit::gui::pages
