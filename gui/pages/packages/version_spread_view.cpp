// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/packages/version_spread_view.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include "gui/pages/picture_export.h"
#include "gui/pages/table_export.h"
#include "gui/widgets/data_table.h"
#include "gui/widgets/panel.h"
#include "gui/widgets/version_bars.h"

namespace ifrit::gui::pages {

VersionSpreadView::VersionSpreadView(const widgets::Theme& theme,
                                     presenters::PackageSpread& presenter, QWidget* parent)
    : QWidget(parent),
      m_theme(theme),
      m_presenter(presenter),
      m_line(widgets::mutedLabel({}, this)),
      m_export(new QPushButton(this)),
      m_whyEmpty(widgets::mutedLabel({}, this)),
      m_scroll(new QScrollArea(this)),
      m_bars(new widgets::VersionBars(theme, this)),
      m_table(new widgets::DataTable(theme, this)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 8, 0, 0);
    column->setSpacing(4);
    auto* row = new QHBoxLayout;
    m_line->setWordWrap(true);
    row->addWidget(m_line, 1);
    m_export->setProperty("look", QLatin1String("link"));
    row->addWidget(m_export);
    column->addLayout(row);
    m_whyEmpty->setWordWrap(true);
    column->addWidget(m_whyEmpty);
    m_scroll->setWidget(m_bars);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    // The panel's ground, which the area would cover with the window's.
    m_scroll->viewport()->setAutoFillBackground(false);
    m_bars->setAutoFillBackground(false);
    column->addWidget(m_scroll, 1);
    m_table->setModel(&presenter.model());
    m_table->setObjectName(QStringLiteral("package-versions"));
    m_table->makeSortable();
    m_table->fitColumns();
    m_table->hide();
    column->addWidget(m_table, 1);
    column->addStretch(0);
    connect(&presenter, &presenters::PackageSpread::changed, this, &VersionSpreadView::update);
    connect(m_export, &QPushButton::clicked, this, &VersionSpreadView::exportShown);
    connect(m_bars, &widgets::VersionBars::opened, this, [this](int bar) {
        const auto& versions = m_presenter.versions();
        const auto place = static_cast<std::size_t>(bar);
        if (place < versions.size()) open(versions[place].version);
    });
    connect(m_bars, &widgets::VersionBars::reached, this, [this](int bar) {
        const QRect place = m_bars->placeOf(bar);
        m_scroll->ensureVisible(place.center().x(), place.center().y(), 0, place.height());
    });
    connect(m_table, &widgets::DataTable::opened, this, [this](const QModelIndex& index) {
        if (const auto* one = m_presenter.model().at(index.row())) open(one->version);
    });
}

void VersionSpreadView::open(const std::string& version) {
    Q_EMIT filterWanted(m_presenter.filterOf(version));
}

void VersionSpreadView::toggleTableForm() {
    m_asTable = !m_asTable;
    update();
}

void VersionSpreadView::exportShown() {
    if (!m_presenter.whyEmpty().isEmpty()) return;
    const QString name = QStringLiteral("package-versions");
    if (m_asTable) {
        exportTable(m_presenter.model(), name, this);
    } else {
        exportPicture(*m_bars, m_theme, name, this);
    }
}

void VersionSpreadView::retranslate() {
    m_export->setText(tr("Export…"));
    m_export->setAccessibleName(tr("Export the versions as a picture"));
    update();
}

void VersionSpreadView::update() {
    const QString why = m_presenter.whyEmpty();
    m_bars->setVersions(m_presenter.title(), m_presenter.versions(), m_presenter.chosenVersion());
    m_table->setAccessibleName(m_presenter.title());
    m_line->setText(m_presenter.line());
    m_line->setVisible(why.isEmpty());
    m_whyEmpty->setText(why);
    m_whyEmpty->setVisible(!why.isEmpty());
    m_export->setVisible(why.isEmpty() && !m_asTable);
    m_scroll->setVisible(why.isEmpty() && !m_asTable);
    m_table->setVisible(why.isEmpty() && m_asTable);
}

}  // namespace ifrit::gui::pages
