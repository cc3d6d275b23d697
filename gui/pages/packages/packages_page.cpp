// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/packages/packages_page.h"

#include <QDragEnterEvent>
#include <QFileDialog>
#include <QMimeData>

#include "gui/models/selection_keeper.h"
#include "gui/widgets/danger_sheet.h"
#include "gui/widgets/data_table.h"
#include "gui/widgets/filter_line.h"
#include "gui/widgets/panel.h"
#include "gui/widgets/splitter.h"
#include "gui/widgets/theme.h"

namespace ifrit::gui::pages {

using models::ViewState;

namespace {

// Of PackageModel: what the panel beside the table has, too.
constexpr int kDigest = 5;
/// Who published it: the details have it, too.
constexpr int kBy = 8;
constexpr int kSignedBy = 6;

}  // namespace

PackagesPage::PackagesPage(const widgets::Theme& theme, const PackageParts& parts, QWidget* parent)
    : Page(theme, parent),
      m_presenter(parts.packages),
      m_publish(primaryButton({}, this)),
      m_delete(dangerButton({}, this)),
      m_filter(new widgets::FilterLine(this)),
      m_progressPanel(new widgets::Panel(theme, this)),
      m_progressText(new QLabel(this)),
      m_progress(new QProgressBar(this)),
      m_cancel(new QPushButton(this)),
      m_splitter(new widgets::Splitter(theme, Qt::Horizontal, this)),
      m_table(new widgets::DataTable(theme, this)),
      m_more(new QPushButton(this)),
      m_detail(new PackageDetailView(theme, parts, this)) {
    setAcceptDrops(true);
    build();
    connectParts();
    retranslate();
}

void PackagesPage::build() {
    actions()->addWidget(m_delete);
    actions()->addWidget(m_publish);
    tools()->addWidget(m_filter);
    auto* progress = new QHBoxLayout;
    m_progressText->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_progressText->setWordWrap(true);
    m_progress->setTextVisible(false);
    m_progress->setFixedWidth(220);
    progress->addWidget(m_progressText, 1);
    progress->addWidget(m_progress);
    progress->addWidget(m_cancel);
    m_progressPanel->body()->addLayout(progress);
    // Above the content: a filter that leaves nothing hides that.
    tools()->addWidget(m_progressPanel);
    auto* panel = new widgets::Panel(theme(), m_splitter);
    panel->body()->setContentsMargins(6, 6, 6, 6);
    m_table->setModel(&m_presenter.model());
    m_table->setObjectName(QStringLiteral("packages"));
    m_table->makeSortable();
    m_table->leaveOut({kSignedBy, kDigest, kBy});
    m_table->fitColumns();
    panel->body()->addWidget(m_table);
    panel->body()->addWidget(m_more, 0, Qt::AlignLeft);
    m_splitter->addWidget(panel);
    m_splitter->addWidget(m_detail);
    m_splitter->setObjectName(QStringLiteral("packages-splitter"));
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setSizes({700, 500});
    body()->addWidget(m_splitter, 1);
}

void PackagesPage::connectParts() {
    using presenters::PackagesPresenter;
    new models::SelectionKeeper(m_table->selectionModel(), [this](const QString& key) {
        return m_presenter.model().rowOfKey(key);
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& index) {
                if (index.isValid()) m_presenter.choose(index.data(models::KeyRole).toString());
            });
    offer({m_publish});
    offer({m_delete}, [this] {
        const auto& package = m_presenter.chosen();
        return package ? models::toText(package->agent + ' ' + package->version) : QString();
    });
    connectFilter(*m_filter, *m_table);
    connect(m_filter, &widgets::FilterLine::filtered, &m_presenter, &PackagesPresenter::setFilter);
    connect(m_table, &widgets::DataTable::detailsWanted, this,
            [this] { m_detail->setVisible(m_detail->isHidden()); });
    connect(m_publish, &QPushButton::clicked, this, &PackagesPage::askFile);
    connect(m_delete, &QPushButton::clicked, this, &PackagesPage::remove);
    connect(m_cancel, &QPushButton::clicked, &m_presenter, &PackagesPresenter::cancelPublish);
    connect(m_more, &QPushButton::clicked, &m_presenter, &PackagesPresenter::more);
    connect(&m_presenter, &PackagesPresenter::changed, this, &PackagesPage::update);
    connect(&m_presenter, &PackagesPresenter::chosenChanged, this,
            [this] { apply(m_delete, m_presenter.removeAction()); });
    connect(&m_presenter, &PackagesPresenter::publishChanged, this, &PackagesPage::updatePublish);
    connect(&m_presenter, &PackagesPresenter::acted, m_detail, &PackageDetailView::setResult);
    connect(m_detail, &PackageDetailView::filterWanted, this, &PackagesPage::filterWanted);
    connect(m_detail, &PackageDetailView::releaseWanted, this, &PackagesPage::releaseWanted);
    answerNotice({[this] { m_filter->clear(); },
                  [this] {
                      if (m_presenter.publishAction().enabled()) askFile();
                  }});
}

ExportTable PackagesPage::exportOf(const widgets::DataTable& table) const {
    ExportTable out = Page::exportOf(table);
    if (&table == m_table && m_filter->filters()) {
        out.all = [this] { return m_presenter.rows(); };
    } else if (&table == m_table && m_presenter.hasMore()) {
        out.shown = [this] { return m_presenter.rows(); };
    }
    if (auto source = m_detail->sourceOf(table)) out.shown = std::move(source);
    return out;
}

void PackagesPage::showEvent(QShowEvent* event) {
    Page::showEvent(event);
    m_presenter.setShown(true);
}

void PackagesPage::hideEvent(QHideEvent* event) {
    Page::hideEvent(event);
    m_presenter.setShown(false);
}

void PackagesPage::retranslate() {
    setTitle(viewName());
    m_publish->setText(tr("Publish…"));
    m_delete->setText(tr("Delete…"));
    m_cancel->setText(tr("Cancel"));
    m_more->setText(tr("Load more"));
    m_filter->setWords(tr("Filter by agent, version, machine type, digest, signer…"),
                       tr("Filter of the packages"));
    m_table->setAccessibleName(tr("Packages"));
    m_progress->setAccessibleName(tr("Progress of publishing"));
    m_detail->retranslate();
    update();
    updatePublish();
}

void PackagesPage::refresh() {
    m_presenter.refresh();
    m_detail->refresh();
}

void PackagesPage::exportRows() {
    if (m_table->hasFocus() || !m_detail->exportShown()) Page::exportRows();
}

void PackagesPage::update() {
    show(m_presenter.notice());
    setFacts(m_presenter.countLine());
    m_more->setVisible(m_presenter.hasMore());
    m_table->setEmptyText(m_presenter.emptyLine());
    // Something to read from the start; what is chosen later stays as it is.
    if (!m_chosenOnce && m_presenter.model().rowCount() > 0) {
        m_chosenOnce = true;
        m_table->selectRow(0);
    }
    apply(m_publish, m_presenter.publishAction(), tr("Or drop a package file on this page"));
    apply(m_delete, m_presenter.removeAction());
}

void PackagesPage::updatePublish() {
    m_progressPanel->setVisible(!m_presenter.publishText().isEmpty());
    m_progressText->setText(m_presenter.publishText());
    m_progress->setVisible(m_presenter.publishing());
    m_progress->setValue(m_presenter.publishPercent());
    m_cancel->setVisible(m_presenter.publishing());
    switch (m_presenter.publishKind()) {
        case models::StatusKind::Ok:
            widgets::setLook(m_progressText, "ok");
            break;
        case models::StatusKind::Fail:
            widgets::setLook(m_progressText, "fail");
            break;
        default:
            widgets::setLook(m_progressText, "plain");
            break;
    }
    apply(m_publish, m_presenter.publishAction(), tr("Or drop a package file on this page"));
}

void PackagesPage::askFile() {
    const QString path = QFileDialog::getOpenFileName(this, tr("Publish a package"), {},
                                                      tr("Packages (*.ifrit);;All files (*)"));
    if (!path.isEmpty()) m_presenter.publish(path);
}

void PackagesPage::remove() {
    if (!m_presenter.removeAction().enabled()) return;
    const std::string digest = m_presenter.chosen()->manifestDigest;
    const auto follow = [this, &digest](widgets::DangerSheet& sheet) {
        const auto whyNot = [this, &digest] {
            const auto now = m_presenter.removeAction(digest);
            return now ? now->whyNot : widgets::DangerSheet::gone();
        };
        sheet.follow(m_presenter, &PackagesPresenter::changed, whyNot);
        sheet.follow(m_presenter, &PackagesPresenter::chosenChanged, whyNot);
    };
    if (const auto said =
            widgets::DangerSheet::ask(theme(), m_presenter.removeFacts(), this, follow))
        m_presenter.remove(digest, said->reason);
}

void PackagesPage::dragEnterEvent(QDragEnterEvent* event) {
    const QList<QUrl> urls = event->mimeData()->urls();
    const bool one = urls.size() == 1 && urls.first().isLocalFile();
    if (one && m_presenter.publishAction().enabled()) event->acceptProposedAction();
}

void PackagesPage::dropEvent(QDropEvent* event) {
    event->acceptProposedAction();
    m_presenter.publish(event->mimeData()->urls().first().toLocalFile());
}

QList<models::CtlCommand> PackagesPage::commands() const {
    if (const auto& package = m_presenter.chosen())
        return {models::packageCommand(package->manifestDigest)};
    return {models::packagesCommand()};
}

void PackagesPage::showPackage(const QString& digest) {
    int row = m_presenter.model().rowOfKey(digest);
    if (row < 0) {
        m_filter->clear();
        row = m_presenter.model().rowOfKey(digest);
    }
    if (row < 0) return;
    const QModelIndex index = m_presenter.model().index(row, 0);
    m_table->selectionModel()->setCurrentIndex(
        index, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    m_table->scrollTo(index);
}

void PackagesPage::focusFilter() {
    m_filter->focusLine();
}

bool PackagesPage::escape() {
    if (m_filter->filters()) {
        m_filter->clear();
        return true;
    }
    if (!m_presenter.chosen()) return false;
    m_table->clearSelection();
    m_table->setCurrentIndex({});
    m_presenter.choose({});
    return true;
}

}  // namespace ifrit::gui::pages
