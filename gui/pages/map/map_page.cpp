// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/map/map_page.h"

#include <QHeaderView>
#include <QMenu>
#include <QResizeEvent>

#include <algorithm>

#include "gui/pages/charts/chart_pane.h"
#include "gui/pages/freeze_button.h"
#include "gui/pages/map/cluster_tiles.h"
#include "gui/pages/map/map_legend.h"
#include "gui/pages/picture_export.h"
#include "gui/pages/ring/ring_panel.h"
#include "gui/widgets/data_table.h"
#include "gui/widgets/figure_strip.h"
#include "gui/widgets/machine_map.h"
#include "gui/widgets/share_bar.h"
#include "gui/widgets/state_donut.h"

namespace ifrit::gui::pages {

using presenters::MapPresenter;

namespace {

/// Between tiles and map.
constexpr int kGap = 12;
const QString kStatesFile = QStringLiteral("machine-states");

}  // namespace

MapPage::MapPage(const widgets::Theme& theme, const MapPageParts& parts, QWidget* parent)
    : Page(theme, parent),
      m_presenter(parts.map),
      m_groupLabel(widgets::mutedLabel({}, this)),
      m_groupBy(new QComboBox(this)),
      m_colorLabel(widgets::mutedLabel({}, this)),
      m_color(new QComboBox(this)),
      m_failing(new QPushButton(this)),
      m_freeze(parts.freeze),
      m_freezeButton(new FreezeButton(theme, parts.freeze, this)),
      m_showRing(new QPushButton(this)),
      m_showVersions(new QPushButton(this)),
      m_asTable(new QPushButton(this)),
      m_frozen(bannerLabel(this)),
      m_strip(new widgets::FigureStrip(theme, this)),
      m_donut(new widgets::StateDonut(theme, this)),
      m_versions(new widgets::ShareBar(theme, this)),
      m_releases(new QPushButton(this)),
      m_tiles(new ClusterTiles(theme, this)),
      m_panel(new widgets::Panel(theme, this)),
      m_map(new widgets::MachineMap(theme, this)),
      m_ring(new RingPanel(theme, parts.ring, this)),
      m_history(parts.versions),
      m_historyPanel(new widgets::Panel(theme, this)),
      m_historyChart(new ChartPane(theme, parts.times, this)),
      m_groups(new widgets::DataTable(theme, this)),
      m_states(new widgets::DataTable(theme, this)),
      m_legend(new MapLegend(theme, this)) {
    m_export = addExport(*m_panel);
    m_exportStates = addExportEntry(*m_donut, theme, kStatesFile);
    build();
    m_map->setDescriber([this](std::uint32_t row) { return m_presenter.describe(row); });
    m_map->setNamer([this](std::uint32_t row) { return m_presenter.uuidOf(row); });
    connect(m_map, &widgets::MachineMap::opened, this,
            [this](std::uint32_t row) { Q_EMIT machineWanted(m_presenter.uuidOf(row)); });
    connect(m_groupBy, &QComboBox::activated, this, [this](int index) {
        const auto by = std::min(index, static_cast<int>(MapPresenter::GroupBy::Label));
        const QString label = m_groupBy->itemData(index).toString();
        // Behind the fixed ones stand the labels, and behind those nothing at all.
        const bool nothing = index == m_groupBy->count() - 1;
        m_presenter.setGroupBy(
            nothing ? MapPresenter::GroupBy::Nothing : static_cast<MapPresenter::GroupBy>(by),
            label);
    });
    connect(m_failing, &QPushButton::clicked, this, &MapPage::toggleFailing);
    connect(m_color, &QComboBox::activated, this,
            [this](int index) { m_presenter.setColor(static_cast<presenters::MapColor>(index)); });
    connect(m_showRing, &QPushButton::toggled, this, [this](bool shown) {
        if (shown) m_showVersions->setChecked(false);
        showPart();
    });
    connect(m_showVersions, &QPushButton::toggled, this, [this](bool shown) {
        if (shown) m_showRing->setChecked(false);
        showPart();
    });
    connect(&m_history, &presenters::VersionHistory::changed, this, &MapPage::updateVersions);
    connect(m_asTable, &QPushButton::toggled, this, [this](bool table) {
        m_map->setVisible(!table);
        m_groups->setVisible(table);
        m_states->setVisible(table);
        m_export->setVisible(!table);
        m_ring->showTable(table);
        m_historyChart->showTable(table);
        updateMap();
    });
    connect(m_export, &QPushButton::clicked, this, &MapPage::exportRows);
    connect(m_legend, &MapLegend::toggled, this,
            [this](int entry) { m_presenter.toggle(static_cast<std::uint8_t>(entry)); });
    connect(m_legend, &MapLegend::opened, this, &MapPage::filterWanted);
    connect(m_donut, &widgets::StateDonut::chosen, this,
            [this](int state) { m_presenter.toggle(static_cast<MapPresenter::Bucket>(state)); });
    connect(m_donut, &widgets::StateDonut::opened, this, [this](int state) {
        Q_EMIT filterWanted(MapPresenter::filterOf(static_cast<MapPresenter::Bucket>(state)));
    });
    connect(m_tiles, &ClusterTiles::clicked, this, [this](int card) {
        const int master = m_presenter.masterOfCard(card);
        if (master >= 0) Q_EMIT clusterWanted(master);
    });
    connect(m_ring, &RingPanel::machineWanted, this, &MapPage::machineWanted);
    connect(m_ring, &RingPanel::filterWanted, this, &MapPage::filterWanted);
    connect(m_releases, &QPushButton::clicked, this, &MapPage::showReleases);
    answerNotice();
    connect(&m_presenter, &MapPresenter::changed, this, [this] {
        if (isVisible()) update();
    });
    connect(&m_freeze, &presenters::FreezePresenter::changed, this, [this] {
        if (isVisible()) update();
    });
    retranslate();
}

void MapPage::build() {
    stackHeading();    // beside so many actions the facts have no room
    keepFactsFresh();  // how many clusters answer is of now
    // Their longest word comes with the machines' labels, or with another language.
    for (QComboBox* box : {m_groupBy, m_color})
        box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    actions()->addWidget(m_groupLabel);
    actions()->addWidget(m_groupBy);
    actions()->addWidget(m_colorLabel);
    actions()->addWidget(m_color);
    actions()->addWidget(m_failing);
    actions()->addWidget(m_freezeButton);
    m_showRing->setCheckable(true);
    m_showRing->setObjectName(QStringLiteral("map-ring"));
    actions()->addWidget(m_showRing);
    m_showVersions->setCheckable(true);
    m_showVersions->setObjectName(QStringLiteral("map-versions"));
    actions()->addWidget(m_showVersions);
    m_asTable->setCheckable(true);
    actions()->addWidget(m_asTable);
    m_releases->setProperty("look", QLatin1String("chip"));
    m_strip->addAtRight(m_donut);
    m_strip->addAtRight(m_versions);
    m_strip->addAtRight(m_releases);
    pin(m_frozen);
    body()->addWidget(m_strip);
    auto* row = new QHBoxLayout;
    row->setSpacing(kGap);
    row->addWidget(m_tiles, 0);
    m_panel->body()->addWidget(m_map, 1);
    m_groups->setModel(&m_presenter.groupModel());
    m_groups->setObjectName(QStringLiteral("map-groups"));
    m_groups->makeSortable();
    m_groups->fitColumns();
    m_groups->hide();
    m_panel->body()->addWidget(m_groups, 1);
    m_states->setModel(&m_presenter.stateModel());
    m_states->setObjectName(QStringLiteral("map-states"));
    m_states->fitColumns();
    m_states->hide();
    m_panel->body()->addWidget(m_states);
    m_panel->body()->addWidget(m_legend);
    row->addWidget(m_panel, 1);
    m_ring->hide();
    row->addWidget(m_ring, 1);
    m_historyPanel->body()->addWidget(m_historyChart, 1);
    m_historyPanel->hide();
    row->addWidget(m_historyPanel, 1);
    body()->addLayout(row, 1);
}

void MapPage::retranslate() {
    setTitle(viewName());
    m_groupLabel->setText(tr("group by"));
    m_groupBy->clear();
    m_groupBy->setAccessibleName(tr("Group machines by"));
    m_failing->setText(withKey(tr("Failed or reverted only"), QStringLiteral("failing")));
    m_colorLabel->setText(tr("colour by"));
    m_color->clear();
    m_color->addItems({tr("state"), tr("version"), tr("age"), tr("batch")});
    m_color->setCurrentIndex(static_cast<int>(m_presenter.color()));
    m_color->setAccessibleName(tr("Colour machines by"));
    m_asTable->setText(withKey(tr("Table"), QStringLiteral("table-form")));
    m_export->setText(tr("Export…"));
    m_export->setAccessibleName(tr("Export the map as a picture"));
    m_exportStates->setText(tr("Export as a picture…"));
    m_groups->setAccessibleName(tr("Groups of the map"));
    m_states->setAccessibleName(tr("Machines by state"));
    m_presenter.retell();
    m_showRing->setText(withKey(tr("Hash ring"), QStringLiteral("hash-ring")));
    m_showVersions->setText(withKey(tr("Versions"), QStringLiteral("versions")));
    m_ring->retranslate();
    updateChoices();
    updateVersions();
    update();
}

void MapPage::showEvent(QShowEvent* event) {
    Page::showEvent(event);
    update();
}

void MapPage::resizeEvent(QResizeEvent* event) {
    Page::resizeEvent(event);
    m_tiles->setRoom(roomForTiles());
}

/// Beside the map, in what is seen of the page: it is wider than that where it has to be scrolled.
int MapPage::roomForTiles() const {
    int seen = width();
    for (const QWidget* above = parentWidget(); above != nullptr; above = above->parentWidget())
        seen = std::min(seen, above->width());
    const QMargins around = layout()->contentsMargins();
    return seen - around.left() - around.right() - kGap - m_panel->minimumSizeHint().width();
}

void MapPage::update() {
    show(m_presenter.notice());
    m_frozen->setText(m_freeze.line());
    m_frozen->setVisible(!m_frozen->text().isEmpty());
    updateStrip();
    const auto cards = m_presenter.cards();
    m_tiles->setCards(cards);
    setFacts(m_presenter.fleetLine());
    const auto chosen =
        std::find_if(cards.begin(), cards.end(), [](const auto& one) { return one.chosen; });
    const QString own = chosen == cards.end() ? QString() : chosen->name;
    m_panel->setHeading(
        own, tr("%1 machine(s) · one cell each", "", models::pluralOf(m_presenter.total()))
                 .arg(models::grouped(m_presenter.total())));
    m_panel->setOld(models::isOld(shownState()));
    // Beside figures of all clusters, what is of one says so.
    const bool several = cards.size() > 1;
    m_ring->setCluster(several ? own : QString());
    m_historyPanel->setHeading(several ? own : QString());
    updateGroupings();
    updateMap();
    m_legend->setEntries(m_presenter.legend(), m_presenter.color() == presenters::MapColor::State);
    // With the words that the map's panel has now.
    m_tiles->setRoom(roomForTiles());
}

/// All clusters; where the window's own is away and others answer, theirs are figures of now.
void MapPage::updateStrip() {
    const bool old = m_presenter.fleetIsOld();
    m_strip->setFigures(m_presenter.figures());
    m_donut->setShares(m_presenter.statesTitle(), m_presenter.states());
    m_donut->setOld(old);
    QList<widgets::ShareBar::Share> shares;
    for (const auto& share : m_presenter.versions())
        shares.append({share.version, share.machines, share.color});
    m_versions->setShares(tr("%1, versions").arg(m_presenter.leadingAgent()), shares);
    m_versions->setOld(old);
    m_versions->setVisible(!shares.isEmpty());
    const qint64 open = m_presenter.openReleases();
    // What is paused or halted is counted too: it has not ended, and does not run.
    m_releases->setText(
        tr("%1 open release(s)", "", models::pluralOf(open)).arg(models::grouped(open)));
    m_releases->setVisible(open > 0);
    widgets::setOldLook(m_releases, old);
    m_releases->setAccessibleDescription(old ? tr("Old: no cluster answers.") : QString());
}

/// Of one cluster at once; where others have some too, of the one that is chosen.
void MapPage::showReleases() {
    const QList<models::ClusterCard> cards = m_presenter.cards();
    QMenu menu(this);
    for (qsizetype i = 0; i < cards.size(); ++i) {
        if (cards[i].openReleases == 0) continue;
        // The list may be another one once it is chosen.
        const QString path = m_presenter.pathOfCard(static_cast<int>(i));
        const QString text =
            tr("%1: %2 open release(s)", "", models::pluralOf(cards[i].openReleases))
                .arg(cards[i].name, models::grouped(cards[i].openReleases));
        connect(menu.addAction(text), &QAction::triggered, this, [this, path] {
            const int master = m_presenter.masterOf(path);
            if (!path.isEmpty() && master < 0) return;
            if (master >= 0) Q_EMIT clusterWanted(master);
            Q_EMIT releasesWanted();
        });
    }
    const bool onlyOwn =
        menu.actions().size() == 1 && std::any_of(cards.begin(), cards.end(), [](const auto& one) {
            return one.chosen && one.openReleases > 0;
        });
    if (onlyOwn || menu.isEmpty()) return Q_EMIT releasesWanted();
    menu.exec(m_releases->mapToGlobal(QPoint(0, m_releases->height())));
}

void MapPage::showPart() {
    const bool ring = m_showRing->isChecked();
    const bool versions = m_showVersions->isChecked();
    m_panel->setVisible(!ring && !versions);
    m_ring->setVisible(ring);
    m_historyPanel->setVisible(versions);
    updateChoices();
    updateVersions();
    updateMap();
}

void MapPage::updateChoices() {
    presenters::Action action;
    if (m_showRing->isChecked())
        action.whyNot = tr("The hash ring is always by batch and state.");
    else if (m_showVersions->isChecked())
        action.whyNot = tr("The lines are always of one agent's versions.");
    for (QWidget* choice : {static_cast<QWidget*>(m_groupBy), static_cast<QWidget*>(m_color),
                            static_cast<QWidget*>(m_failing)}) {
        apply(choice, action);
    }
}

void MapPage::updateVersions() {
    if (!m_showVersions->isChecked()) return;
    m_historyChart->setContent(m_history.content(m_presenter.versionColors(m_history.agent())),
                               QStringLiteral("versions"));
}

void MapPage::updateMap() {
    if (m_showRing->isChecked() || m_showVersions->isChecked()) return;
    if (m_asTable->isChecked()) {
        m_presenter.updateGroupModel();
        m_presenter.updateStateModel();
        m_states->setFixedHeight(m_states->horizontalHeader()->sizeHint().height() +
                                 m_states->verticalHeader()->length() + 4);
    } else {
        m_map->setGroups(m_presenter.groups(), m_presenter.swatches());
    }
}

/// The labels that machines have come and go.
void MapPage::updateGroupings() {
    using presenters::MapGroupBy;
    QStringList words = {tr("batch"), tr("pin"), tr("type")};
    QStringList labels = {{}, {}, {}};
    for (const QString& key : m_presenter.labelKeys()) {
        words << tr("label %1").arg(key);
        labels << key;
    }
    words << tr("nothing");
    labels << QString();
    QStringList now;
    for (int i = 0; i < m_groupBy->count(); ++i)
        now << m_groupBy->itemText(i);
    if (now != words) {
        m_groupBy->clear();
        for (qsizetype i = 0; i < words.size(); ++i)
            m_groupBy->addItem(words[i], labels[i]);
    }
    const presenters::MapGrouping& grouping = m_presenter.grouping();
    int chosen = static_cast<int>(grouping.by);
    if (grouping.by == MapGroupBy::Label) chosen = m_groupBy->findData(grouping.label);
    if (grouping.by == MapGroupBy::Nothing) chosen = m_groupBy->count() - 1;
    m_groupBy->setCurrentIndex(chosen);
    m_color->setCurrentIndex(static_cast<int>(m_presenter.color()));
}

void MapPage::exportRows() {
    if (m_donut->hasFocus()) {
        exportPicture(*m_donut, theme(), kStatesFile, this);
    } else if (m_showRing->isChecked()) {
        m_ring->exportShown();
    } else if (m_showVersions->isChecked()) {
        m_historyChart->exportShown();
    } else if (m_asTable->isChecked()) {
        Page::exportRows();
    } else {
        exportPicture(*m_map, theme(), QStringLiteral("cluster-map"), this);
    }
}

void MapPage::focusContent() {
    if (m_map->isVisibleTo(this))
        m_map->setFocus();
    else
        Page::focusContent();
}

void MapPage::toggleFailing() {
    if (!m_failing->isEnabled()) return;
    m_presenter.toggle(MapPresenter::Bucket::Failed);
}

bool MapPage::escape() {
    if (m_ring->isVisible() || m_historyPanel->isVisible()) {
        if (m_ring->isVisible() && m_ring->escape()) return true;
        m_showRing->setChecked(false);
        m_showVersions->setChecked(false);
        return true;
    }
    if (!m_legend->filters()) return false;
    m_presenter.clearFilter();
    return true;
}

}  // namespace ifrit::gui::pages
