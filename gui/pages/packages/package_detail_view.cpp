// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/packages/package_detail_view.h"

#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QTabBar>
#include <QVBoxLayout>

#include "gui/pages/packages/version_spread_view.h"
#include "gui/widgets/data_table.h"
#include "gui/widgets/fact_list.h"
#include "gui/widgets/theme.h"

namespace ifrit::gui::pages {

using presenters::PackageDifference;
using presenters::PackageReleases;
using presenters::PackagesPresenter;

PackageDetailView::PackageDetailView(const widgets::Theme& theme, const PackageParts& parts,
                                     QWidget* parent)
    : Panel(theme, parent),
      m_theme(theme),
      m_parts(parts),
      m_facts(new widgets::FactList(theme, this)),
      m_tabs(new QTabWidget(this)),
      m_manifest(new QPlainTextEdit(this)),
      m_versions(new VersionSpreadView(theme, parts.detail.spread, this)),
      m_base(new QComboBox(this)),
      m_changesLine(widgets::mutedLabel({}, this)),
      m_changes(new widgets::DataTable(theme, this)),
      m_changesAgain(new QPushButton(this)),
      m_releasesLine(widgets::mutedLabel({}, this)),
      m_releases(new widgets::DataTable(theme, this)),
      m_releasesMore(new QPushButton(this)),
      m_releasesAgain(new QPushButton(this)),
      m_result(new QLabel(this)) {
    build();
    connect(&parts.packages, &PackagesPresenter::chosenChanged, this, &PackageDetailView::update);
    connect(&parts.detail.difference, &PackageDifference::changed, this,
            &PackageDetailView::updateChanges);
    connect(&parts.detail.releases, &PackageReleases::changed, this,
            &PackageDetailView::updateReleases);
    connect(m_tabs, &QTabWidget::currentChanged, this, [this] { tellShown(isVisible()); });
    connect(m_base, &QComboBox::activated, &parts.detail.difference,
            &PackageDifference::chooseBase);
    connect(m_changesAgain, &QPushButton::clicked, &parts.detail.difference,
            &PackageDifference::refresh);
    connect(m_releasesAgain, &QPushButton::clicked, &parts.detail.releases,
            &PackageReleases::refresh);
    connect(m_releasesMore, &QPushButton::clicked, &parts.detail.releases, &PackageReleases::more);
    connect(m_releases, &widgets::DataTable::opened, this, [this](const QModelIndex& index) {
        Q_EMIT releaseWanted(index.data(models::KeyRole).toString());
    });
    connect(m_versions, &VersionSpreadView::filterWanted, this, &PackageDetailView::filterWanted);
}

void PackageDetailView::build() {
    body()->addWidget(m_facts);
    m_manifest->setReadOnly(true);
    m_manifest->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_manifest->setFont(m_theme.monospaceFont());
    auto* manifest = new QWidget(m_tabs);
    auto* column = new QVBoxLayout(manifest);
    column->setContentsMargins(0, 8, 0, 0);
    column->addWidget(m_manifest);
    m_tabs->addTab(manifest, {});
    m_tabs->addTab(m_versions, {});
    m_tabs->addTab(changesTab(), {});
    m_tabs->addTab(releasesTab(), {});
    m_tabs->setDocumentMode(true);
    m_tabs->tabBar()->setExpanding(false);
    m_tabs->tabBar()->setDrawBase(false);
    body()->addWidget(m_tabs, 1);
    m_result->setProperty("look", QLatin1String("fail"));
    m_result->setWordWrap(true);
    m_result->hide();
    body()->addWidget(m_result);
    // With nothing chosen the tabs are hidden: the words stay at the top.
    body()->addStretch(0);
    setMinimumWidth(320);
}

QWidget* PackageDetailView::changesTab() {
    auto* tab = new QWidget(m_tabs);
    auto* column = new QVBoxLayout(tab);
    column->setContentsMargins(0, 8, 0, 0);
    column->setSpacing(4);
    column->addWidget(m_base, 0, Qt::AlignLeft);
    m_changesLine->setWordWrap(true);
    column->addWidget(m_changesLine);
    m_changes->setModel(&m_parts.detail.difference.model());
    m_changes->setObjectName(QStringLiteral("package-changes"));
    m_changes->makeSortable();
    m_changes->fitColumns();
    // Beside each other and cut, what was and what is look alike.
    m_changes->wrapColumns({1, 2, 3});
    column->addWidget(m_changes, 1);
    column->addWidget(m_changesAgain, 0, Qt::AlignLeft);
    return tab;
}

QWidget* PackageDetailView::releasesTab() {
    auto* tab = new QWidget(m_tabs);
    auto* column = new QVBoxLayout(tab);
    column->setContentsMargins(0, 8, 0, 0);
    column->setSpacing(4);
    m_releasesLine->setWordWrap(true);
    column->addWidget(m_releasesLine);
    m_releases->setModel(&m_parts.detail.releases.model());
    m_releases->setObjectName(QStringLiteral("package-releases"));
    m_releases->makeSortable();
    m_releases->fitColumns();
    column->addWidget(m_releases, 1);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_releasesMore);
    buttons->addWidget(m_releasesAgain);
    buttons->addStretch(1);
    column->addLayout(buttons);
    return tab;
}

void PackageDetailView::retranslate() {
    const QStringList names = {tr("Manifest"), tr("Versions"), tr("Changes"), tr("Releases")};
    for (int i = 0; i < m_tabs->count(); ++i)
        m_tabs->setTabText(i, names[i]);
    m_manifest->setAccessibleName(tr("Signed manifest"));
    m_base->setAccessibleName(tr("The package before, to compare with"));
    m_changes->setAccessibleName(tr("Differences from the package before"));
    m_releases->setAccessibleName(tr("Releases that used the package"));
    m_changesAgain->setText(tr("Try again"));
    m_releasesAgain->setText(tr("Try again"));
    m_releasesMore->setText(tr("Load more"));
    m_versions->retranslate();
    setAccessibleName(tr("Details of the package"));
    update();
    updateChanges();
    updateReleases();
}

void PackageDetailView::showEvent(QShowEvent* event) {
    Panel::showEvent(event);
    tellShown(true);
}

void PackageDetailView::hideEvent(QHideEvent* event) {
    Panel::hideEvent(event);
    tellShown(false);
}

void PackageDetailView::tellShown(bool visible) {
    const int tab = visible ? m_tabs->currentIndex() : -1;
    m_parts.detail.spread.setShown(tab == Versions);
    m_parts.detail.difference.setShown(tab == Changes);
    m_parts.detail.releases.setShown(tab == Releases);
}

void PackageDetailView::refresh() {
    if (m_tabs->currentIndex() == Changes) m_parts.detail.difference.refresh();
    if (m_tabs->currentIndex() == Releases) m_parts.detail.releases.refresh();
}

void PackageDetailView::toggleTableForm() {
    m_versions->toggleTableForm();
}

bool PackageDetailView::exportShown() {
    if (!m_versions->isVisible()) return false;
    m_versions->exportShown();
    return true;
}

ExportTable::Source PackageDetailView::sourceOf(const widgets::DataTable& table) const {
    if (&table != m_releases || !m_parts.detail.releases.hasMore()) return {};
    return [this] { return m_parts.detail.releases.rows(); };
}

void PackageDetailView::setResult(const QString& sentence) {
    m_result->setText(sentence);
    m_result->setVisible(!sentence.isEmpty());
}

void PackageDetailView::update() {
    const auto& package = m_parts.packages.chosen();
    setHeading(package ? models::toText(package->agent + " " + package->version)
                       : tr("No package chosen"));
    m_facts->setFacts(m_parts.packages.chosenFacts());
    m_tabs->setVisible(package.has_value());
    const absl::Status& error = m_parts.packages.manifestError();
    m_manifest->setPlainText(package ? models::toText(package->manifest) : QString());
    m_manifest->setPlaceholderText(error.ok() ? tr("Reading the manifest…")
                                              : presenters::sentenceOf(error));
}

void PackageDetailView::updateChanges() {
    const PackageDifference& difference = m_parts.detail.difference;
    const QStringList bases = difference.bases();
    {
        const QSignalBlocker blocker(m_base);
        m_base->clear();
        m_base->addItems(bases);
        m_base->setCurrentIndex(difference.base());
    }
    m_base->setVisible(bases.size() > 1);
    m_changesLine->setText(difference.line());
    m_changesLine->setVisible(!difference.line().isEmpty());
    m_changes->setEmptyText(difference.emptyText());
    m_changesAgain->setVisible(difference.failed());
}

void PackageDetailView::updateReleases() {
    const PackageReleases& releases = m_parts.detail.releases;
    m_releasesLine->setText(releases.line());
    m_releasesLine->setVisible(!releases.line().isEmpty());
    m_releases->setEmptyText(releases.emptyText());
    m_releasesMore->setVisible(releases.hasMore());
    m_releasesAgain->setVisible(releases.failed());
}

}  // namespace ifrit::gui::pages
